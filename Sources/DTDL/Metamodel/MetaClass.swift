/// A material class of DTDL: what an element is, such as Telemetry or Enum.
struct MetaClass {
    let name: String
    /// The class and all above it, as versionless DTMIs: what an element of the class "has the type of".
    var lineage: Set<String> = []
    let parent: String?
    let versions: [Int]
    let isPartition: Bool
    let isRootable: Bool
    /// Whether elements are standard ones only, so that none can be defined in a model: the primitive schemas.
    let isElemental: Bool
    /// In which versions `@type` may be left out.
    let inferredVersions: [Int]
    /// The concrete classes that stand for this one, by version.
    let kinds: [Int: [String]]
    /// The properties of the class itself and of all above it.
    var properties: [MetaProperty]

    func property(_ name: String, version: Int) -> (property: MetaProperty, facts: MetaProperty.Facts)? {
        for property in properties where property.name == name {
            return property.facts[version].map { (property, $0) }
        }
        return nil
    }

    /// The concrete classes whose elements may be defined in a model where this class is expected.
    func kinds(version: Int) -> [String] { kinds[version] ?? (versions.contains(version) ? [name] : []) }
}

/// A property of a material class.
struct MetaProperty {
    enum Kind: String {
        case string, integer, boolean, langString
        /// An integer or a string: the value of an EnumValue.
        case scalar
        /// An element, defined in place or referred to.
        case object
        /// An identifier that is not followed: the target of a Relationship.
        case identifier
    }

    /// What one version of the language says of the property; a version without facts does not know it.
    struct Facts {
        var className: String?
        var minimumCount: Int?
        var maximumCount: Int?
        /// By limit specifier; the empty one is the language's own.
        var maximumLength: [String: Int] = [:]
        var pattern: LexicalPattern?
        var lowest: Int64?
        var highest: Int64?
        /// The identifiers of the standard elements that the value may be.
        var values: [String] = []
        /// Properties of the values that must differ among them.
        var uniqueProperties: [String] = []
        /// The versions of the language that a value may be written in.
        var allowedVersions: [Int] = []
        var requiresID = false
        /// Whether a value may leave its `@type` out.
        var infersType = false
    }

    let name: String
    let kind: Kind
    let isPlural: Bool
    let isOptional: Bool
    /// The property of a value that makes its automatic identifier.
    let segment: String?
    let facts: [Int: Facts]
}
