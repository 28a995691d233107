internal import JSON

/// The metamodel: what DTDL v2, v3 and v4 and their published extensions know. One engine works by these tables; nothing else in the module knows
/// a class or a version by name, but for what the specification says in prose.
struct Metamodel {
    private(set) var classes: [String: MetaClass] = [:]
    /// By name without version, then by major version.
    private(set) var contexts: [String: [Int: MetaContext]] = [:]
    private(set) var types: [String: SupplementalType] = [:]
    private(set) var elements: [String: StandardElement] = [:]
    private(set) var controls: [DescendantControl] = []
    /// The longest identifier, by version and limit specifier; for Interfaces in `interfaceIDLengths`.
    private(set) var idLengths: [Int: [String: Int]] = [:]
    private(set) var interfaceIDLengths: [Int: [String: Int]] = [:]
    /// The largest Interface in bytes, by version and limit specifier.
    private(set) var partitionBytes: [Int: [String: Int]] = [:]
    /// What to make of co-types and properties that no context in force defines, by version and case.
    private(set) var apocrypha: [Int: [String: Tolerance]] = [:]
    /// The term of each identifier that has one, for messages.
    private(set) var termsByIdentifier: [String: String] = [:]

    /// How a version of the language takes what it does not define.
    enum Tolerance: String {
        case valid, invalid
        /// Valid only while some context in force is unknown, since that one may define it.
        case tenable
    }

    static let dtdlContextName = "dtmi:dtdl:context"
    static let standard = Metamodel()

    private init() {
        guard let tree = try? JSONTree.parse(Array(MetamodelText.json.utf8)) else {
            preconditionFailure("The metamodel's text is not JSON; write it again with its script")
        }
        for row in tree.rows("classes") { read(class: row) }
        inherit()
        for row in tree.rows("contexts") { read(context: row) }
        for row in tree.rows("types") { read(types: row) }
        for row in tree.rows("elements") { read(elements: row) }
        controls = tree.rows("controls").map(DescendantControl.init)
        for row in tree.rows("identifiers") {
            for member in row.members {
                if let version = Int(member.key) { idLengths[version] = member.value.numbers }
            }
            for member in row["Interface"]?.members ?? [] { interfaceIDLengths[Int(member.key) ?? 0] = member.value.numbers }
        }
        for row in tree.rows("apocrypha") {
            for member in row.members {
                var cases: [String: Tolerance] = [:]
                for cell in member.value.members { cases[cell.key] = cell.value.stringValue.flatMap(Tolerance.init) }
                apocrypha[Int(member.key) ?? 0] = cases
            }
        }
        for row in tree.rows("partitions") {
            for member in row.members { partitionBytes[Int(member.key) ?? 0] = member.value["maxBytes"]?.numbers }
        }
    }

    /// The element that an identifier means, through all aliases.
    func resolveAlias(_ identifier: String) -> String {
        var identifier = identifier
        while let next = elements[identifier]?.aliasFor { identifier = next }
        return identifier
    }

    /// Whether an element of the co-type has the type, by the co-type itself or by one above it.
    func type(_ identifier: String, is wanted: String) -> Bool {
        var current: String? = identifier
        while let each = current {
            if each == wanted { return true }
            current = types[each]?.parent
        }
        return false
    }

    /// The property of a co-type or of one above it.
    func property(_ property: String, of type: String) -> SupplementalType.Property? {
        var current: String? = type
        while let each = current {
            if let found = types[each]?.properties.first(where: { $0.identifier == property }) { return found }
            current = types[each]?.parent
        }
        return nil
    }

    /// The constraints of a co-type and of all above it.
    func constraints(of type: String) -> [SupplementalType.Constraint] {
        var constraints: [SupplementalType.Constraint] = []
        var current: String? = type
        while let each = current {
            constraints += types[each]?.constraints ?? []
            current = types[each]?.parent
        }
        return constraints
    }

    /// The short form of an identifier, where a context has one.
    func term(_ identifier: String) -> String { termsByIdentifier[identifier] ?? identifier }

    // MARK: -

    private mutating func read(class row: JSONTree) {
        let properties = (row["properties"]?.elements ?? []).map(MetaProperty.init)
        let name = row.text("name", or: "")
        var kinds: [Int: [String]] = [:]
        for member in row["kinds"]?.members ?? [] { kinds[Int(member.key) ?? 0] = member.value.texts }
        classes[name] = MetaClass(
            name: name, parent: row["parent"]?.stringValue, versions: row["versions"]?.integers ?? [], isPartition: row["partition"] != nil,
            isRootable: row["rootable"] != nil, isElemental: row["elemental"] != nil, inferredVersions: row["inferred"]?.integers ?? [], kinds: kinds,
            properties: properties)
    }

    private mutating func inherit() {
        let own = classes
        for name in own.keys {
            var properties: [MetaProperty] = []
            var lineage: Set<String> = []
            var current: String? = name
            while let each = current.flatMap({ own[$0] }) {
                properties += each.properties
                lineage.insert("dtmi:dtdl:class:" + each.name)
                current = each.parent
            }
            classes[name]?.properties = properties
            classes[name]?.lineage = lineage
        }
    }

    private mutating func read(context row: JSONTree) {
        let identifier = row.text("id", or: "")
        var terms: [String: String] = [:]
        for group in row["groups"]?.elements ?? [] {
            let texts = group.texts
            for term in texts[2].split(separator: " ") { terms[String(term)] = texts[0] + term + texts[1] }
        }
        for member in row["rest"]?.members ?? [] { terms[member.key] = member.value.stringValue }
        for (term, identifier) in terms where termsByIdentifier[identifier] == nil { termsByIdentifier[identifier] = term }
        let parts = identifier.split(separator: ";")
        let context = MetaContext(
            identifier: identifier, name: String(parts[0]), majorVersion: Int(parts[1]) ?? 0, terms: terms,
            reservedPrefixes: row["reserved"]?.texts ?? [], impliedVersion: row["implies"]?.integerValue.map(Int.init),
            limits: row["limits"]?.stringValue, limitsVersion: row["limitsVersion"]?.integerValue.map(Int.init))
        contexts[context.name, default: [:]][context.majorVersion] = context
    }

    private mutating func read(types row: JSONTree) {
        guard let each = row["each"]?.stringValue, let pattern = row["row"] else {
            let type = SupplementalType(row) { $0 }
            types[type.identifier] = type
            return
        }
        for parts in each.split(separator: " ") {
            let words = parts.split(separator: "/", omittingEmptySubsequences: false)
            let type = SupplementalType(pattern) { $0.filling("{0}", with: words[0]).filling("{1}", with: words.count > 1 ? words[1] : "") }
            types[type.identifier] = type
        }
    }

    private mutating func read(elements row: JSONTree) {
        let cells = row.elements
        var references: [String: [String]] = [:]
        for member in cells.count > 5 ? cells[5].members : [] { references[member.key] = member.value.texts }
        var identifiers = [cells[0].stringValue ?? ""]
        if cells[0].kind == .array {
            let texts = cells[0].texts
            identifiers = texts[2].split(separator: " ").map { texts[0] + $0 + texts[1] }
        }
        let parent = cells[4].stringValue ?? ""
        let alias = cells.count > 6 ? cells[6].stringValue ?? "" : ""
        for identifier in identifiers {
            elements[identifier] = StandardElement(
                identifier: identifier, className: cells[1].stringValue ?? "", version: Int(cells[2].integerValue ?? 0), types: cells[3].texts,
                parent: parent.isEmpty ? nil : parent, references: references, aliasFor: alias.isEmpty ? nil : alias)
        }
    }
}
