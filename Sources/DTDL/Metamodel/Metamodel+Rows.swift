internal import JSON

// How rows of the metamodel's text become values. What a row leaves out is false, empty or absent.

extension JSONTree {
    func rows(_ section: String) -> [JSONTree] { self[section]?.elements ?? [] }
    func text(_ name: String, or other: String) -> String { self[name]?.stringValue ?? other }
    var texts: [String] { elements.compactMap(\.stringValue) }
    var integers: [Int] { elements.compactMap { $0.integerValue.map(Int.init) } }
    /// The members of an object of numbers.
    var numbers: [String: Int] {
        var numbers: [String: Int] = [:]
        for member in members { numbers[member.key] = member.value.integerValue.map(Int.init) }
        return numbers
    }
}

extension String {
    /// The text with a placeholder replaced.
    func filling(_ placeholder: String, with word: Substring) -> String {
        split(separator: placeholder, omittingEmptySubsequences: false).map(String.init).joined(separator: String(word))
    }
}

extension MetaProperty {
    init(_ row: JSONTree) {
        var facts: [Int: Facts] = [:]
        for version in 2...4 {
            guard let cell = row["\(version)"] else { continue }
            var of = Facts()
            of.className = cell["class"]?.stringValue
            of.minimumCount = cell["min"]?.integerValue.map(Int.init)
            of.maximumCount = cell["max"]?.integerValue.map(Int.init)
            of.maximumLength = cell["length"]?.numbers ?? [:]
            of.pattern = cell["pattern"]?.stringValue.flatMap(LexicalPattern.init)
            of.lowest = cell["low"]?.integerValue
            of.highest = cell["high"]?.integerValue
            of.values = cell["values"]?.texts ?? []
            of.uniqueProperties = cell["unique"]?.texts ?? []
            of.allowedVersions = cell["from"]?.integers ?? []
            of.requiresID = cell["id"] != nil
            of.infersType = cell["inferred"] != nil
            facts[version] = of
        }
        guard let kind = Kind(rawValue: row.text("kind", or: "")) else { preconditionFailure("A property of the metamodel has no known kind") }
        self.init(
            name: row.text("name", or: ""), kind: kind, isPlural: row["plural"] != nil, isOptional: row["optional"] != nil,
            segment: row["segment"]?.stringValue, facts: facts)
    }
}

extension SupplementalType {
    init(_ row: JSONTree, fill: (String) -> String) {
        func text(_ row: JSONTree, _ name: String) -> String? { row[name]?.stringValue.map(fill) }
        func texts(_ row: JSONTree, _ name: String) -> [String] { (row[name]?.texts ?? []).map(fill) }
        let classes = row["on"]?.texts ?? []
        self.init(
            identifier: fill(row.text("id", or: "")), kind: row.text("kind", or: "None"), isAbstract: row["abstract"] != nil,
            parent: text(row, "parent"),
            classes: classes == ["*"] ? [] : Set(classes.isEmpty ? ["none"] : classes), alternatives: texts(row, "alternatives"),
            versions: row["versions"]?.integers ?? [], requiredCotypes: texts(row, "with"), disallowedCotypes: texts(row, "without"),
            properties: row.rows("properties").map { of in
                Property(
                    identifier: fill(of.text("id", or: "")), type: text(of, "type"), isOptional: of["optional"] != nil, isPlural: of["plural"] != nil,
                    minimumCount: Int(of["min"]?.integerValue ?? 0), pattern: of["pattern"]?.stringValue.flatMap(LexicalPattern.init),
                    maximumLength: of["length"]?.integerValue.map(Int.init), lowest: of["low"]?.integerValue, parentElement: text(of, "childOf"),
                    governingProperty: text(of, "instanceOf"), isUnique: of["unique"] != nil)
            },
            constraints: row.rows("constraints").map { of in
                Constraint(
                    property: of.text("property", or: ""), requiredTypes: texts(of, "requiredTypes"), requiredValues: texts(of, "requiredValues"),
                    isInverse: of["inverse"] != nil, noneOtherType: text(of, "noneOtherType"), someOtherType: text(of, "someOtherType"),
                    siblingKey: text(of, "siblingKey"), siblingKeyref: text(of, "siblingKeyref"), siblingParentOf: text(of, "siblingParentOf"))
            },
            siblings: row.rows("siblings").map { of in
                SiblingConstraint(
                    key: of.text("key", or: ""), keyref: of.text("keyref", or: ""), requiredTypes: texts(of, "requiredTypes"),
                    disallowedType: text(of, "disallowedType"), supplementalProperty: text(of, "supplementalProperty"),
                    uniqueReference: text(of, "uniqueReference"))
            })
    }
}

extension DescendantControl {
    init(_ row: JSONTree) {
        self.init(
            rootClass: row.text("rootClass", or: ""), version: Int(row["dtdlVersion"]?.integerValue ?? 0),
            properties: Set(row["properties"]?.texts ?? []), isNarrow: row["narrow"] != nil, allowsSelf: row["allowSelf"] != nil,
            maximumDepth: row["maxDepth"]?.numbers ?? [:], maximumCount: row["maxCount"]?.numbers ?? [:],
            excludedClass: row["excludeType"]?.stringValue,
            importedProperties: row["importProperties"]?.texts ?? [], datatypeProperty: row["datatypeProperty"]?.stringValue)
    }
}
