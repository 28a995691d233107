/// A co-type: a semantic type, or what an extension adds to an element.
struct SupplementalType {
    /// A property that elements with the co-type have.
    struct Property {
        let identifier: String
        /// The class of its values, or an XML schema datatype, or nil for an IRI.
        let type: String?
        let isOptional: Bool
        let isPlural: Bool
        let minimumCount: Int
        let pattern: LexicalPattern?
        let maximumLength: Int?
        let lowest: Int64?
        /// The element that values must be defined in: a unit's family.
        let parentElement: String?
        /// The property of the same element whose schema the value must conform to.
        let governingProperty: String?
        /// Whether siblings must have different values.
        let isUnique: Bool
    }

    /// What the co-type asks of the values of a property of the element, or, inverted, of its parents.
    struct Constraint {
        let property: String
        let requiredTypes: [String]
        let requiredValues: [String]
        /// Whether the constraint is on the parent that holds the element by `property`.
        let isInverse: Bool
        let noneOtherType: String?
        let someOtherType: String?
        let siblingKey: String?
        let siblingKeyref: String?
        let siblingParentOf: String?
    }

    /// What the co-type asks of a sibling that the element names.
    struct SiblingConstraint {
        let key: String
        let keyref: String
        let requiredTypes: [String]
        let disallowedType: String?
        let supplementalProperty: String?
        let uniqueReference: String?
    }

    let identifier: String
    let kind: String
    let isAbstract: Bool
    let parent: String?
    /// The classes that it goes with; empty means all.
    let classes: Set<String>
    /// Co-types that stand in for such a class.
    let alternatives: [String]
    let versions: [Int]
    let requiredCotypes: [String]
    let disallowedCotypes: [String]
    let properties: [Property]
    let constraints: [Constraint]
    let siblings: [SiblingConstraint]
}

/// An element that the language or an extension defines: a primitive schema, a unit, a geospatial object.
struct StandardElement {
    let identifier: String
    let className: String
    let version: Int
    let types: [String]
    let parent: String?
    let references: [String: [String]]
    /// The element that this one is another name of.
    let aliasFor: String?
}

/// A rule on what lies below an element, over the paths of some properties.
struct DescendantControl {
    let rootClass: String
    let version: Int
    let properties: Set<String>
    /// Whether only these properties are followed; else all are, and these are counted.
    let isNarrow: Bool
    let allowsSelf: Bool
    let maximumDepth: [String: Int]
    let maximumCount: [String: Int]
    let excludedClass: String?
    let importedProperties: [String]
    let datatypeProperty: String?
}
