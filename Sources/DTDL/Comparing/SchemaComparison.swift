/// Compares two compiled schemas by the values they accept.
struct SchemaComparison {
    /// How the newer schema relates to the older one.
    struct Relation: OptionSet, Hashable {
        let rawValue: Int
        /// It accepts something that the older one does not.
        static let wider = Relation(rawValue: 1)
        /// It does not accept something that the older one does.
        static let narrower = Relation(rawValue: 2)
    }

    /// One place where the schemas differ.
    struct Difference {
        let relation: Relation
        let pointer: String
        let before: String
        let after: String
    }

    private let old: SchemaPrograms
    private let new: SchemaPrograms
    private(set) var differences: [Difference] = []
    /// Pairs that were compared or are being: schemas that contain themselves end so.
    private var seen: Set<Pair> = []

    private struct Pair: Hashable {
        let old: Int32
        let new: Int32
    }

    /// More differences than this within one schema tell nobody more.
    private static let maximumDifferences = 64

    init(_ old: SchemaPrograms, _ oldProgram: Int, _ new: SchemaPrograms, _ newProgram: Int) {
        self.old = old
        self.new = new
        compare(Int32(oldProgram), Int32(newProgram), at: "")
    }

    /// How the schemas relate on the whole.
    var relation: Relation { differences.reduce([]) { $0.union($1.relation) } }

    // MARK: -

    private mutating func compare(_ oldIndex: Int32, _ newIndex: Int32, at pointer: String) {
        guard differences.count < Self.maximumDifferences, seen.insert(Pair(old: oldIndex, new: newIndex)).inserted else { return }
        let before = old.nodes[Int(oldIndex)]
        let after = new.nodes[Int(newIndex)]
        switch (before.operation, after.operation) {
        case (.array, .array), (.map, .map): compare(before.first, after.first, at: pointer + "/*")
        case (.object, .object), (.geopoint, .object), (.object, .geopoint), (.geopoint, .geopoint): compareFields(before, after, at: pointer)
        case (.stringEnum, .stringEnum):
            let names = (Set(old.names.names(inScope: before.first)), Set(new.names.names(inScope: after.first)))
            note(relation(names.0, names.1), before, after, at: pointer)
        case (.integerEnum, .integerEnum): note(relation(values(before, old), values(after, new)), before, after, at: pointer)
        default: note(scalarRelation(before, after), before, after, at: pointer)
        }
        compareLimits(before, after, at: pointer)
    }

    private mutating func note(_ relation: Relation, _ before: SchemaNode, _ after: SchemaNode, at pointer: String) {
        guard !relation.isEmpty else { return }
        differences.append(
            Difference(relation: relation, pointer: pointer, before: old.expectation(of: before), after: new.expectation(of: after)))
    }

    private func relation<Value: Hashable>(_ before: Set<Value>, _ after: Set<Value>) -> Relation {
        var relation: Relation = []
        if !after.isSubset(of: before) { relation.insert(.wider) }
        if !before.isSubset(of: after) { relation.insert(.narrower) }
        return relation
    }

    private func values(_ node: SchemaNode, _ programs: SchemaPrograms) -> Set<Int64> {
        Set(programs.integers[Int(node.first)..<Int(node.first + node.count)])
    }

    /// Schemas whose values are single tokens, or that have nothing in common.
    private func scalarRelation(_ before: SchemaNode, _ after: SchemaNode) -> Relation {
        if before.operation == after.operation, before.first == after.first { return [] }
        if before.operation == .unknown { return .narrower }
        if after.operation == .unknown { return .wider }
        let forwards = contains(after, before)
        let backwards = contains(before, after)
        if forwards { return backwards ? [] : .wider }
        return backwards ? .narrower : [.wider, .narrower]
    }

    /// Whether one schema accepts every value of another one.
    private func contains(_ outer: SchemaNode, _ inner: SchemaNode) -> Bool {
        switch (outer.operation, inner.operation) {
        case (.signedInteger, .signedInteger), (.unsignedInteger, .unsignedInteger): outer.first >= inner.first
        case (.signedInteger, .unsignedInteger): outer.first > inner.first
        case (.signedInteger, .integerEnum): outer.first >= 32
        case (.double, .signedInteger), (.double, .unsignedInteger), (.double, .integerEnum), (.double, .float), (.float, .signedInteger),
            (.float, .unsignedInteger), (.float, .integerEnum):
            true
        case (.string, .date), (.string, .time), (.string, .dateTime), (.string, .duration), (.string, .bytes), (.string, .uuid), (.string, .decimal),
            (.string, .stringEnum), (.string, .string):
            true
        default: outer.operation == inner.operation && outer.first == inner.first
        }
    }

    private mutating func compareFields(_ before: SchemaNode, _ after: SchemaNode, at pointer: String) {
        let oldFields = fields(before, old)
        let newFields = fields(after, new)
        for (name, field) in oldFields.sorted(by: { $0.key < $1.key }) {
            let place = "\(pointer)/\(Self.escaped(name))"
            guard let other = newFields[name] else {
                append(.narrower, place, before: old.expectation(of: old.nodes[Int(field.node)]), after: "no field")
                continue
            }
            compare(field.node, other.node, at: place)
            if field.requiredIndex < 0, other.requiredIndex >= 0 { append(.narrower, place, before: "an optional field", after: "a required field") }
            if field.requiredIndex >= 0, other.requiredIndex < 0 { append(.wider, place, before: "a required field", after: "an optional field") }
        }
        for (name, field) in newFields.sorted(by: { $0.key < $1.key }) where oldFields[name] == nil {
            let relation: Relation = field.requiredIndex >= 0 ? [.wider, .narrower] : .wider
            append(relation, "\(pointer)/\(Self.escaped(name))", before: "no field", after: new.expectation(of: new.nodes[Int(field.node)]))
        }
    }

    private func fields(_ node: SchemaNode, _ programs: SchemaPrograms) -> [String: SchemaField] {
        var fields: [String: SchemaField] = [:]
        for name in programs.names.names(inScope: node.first) {
            if let index = programs.names.find(Array(name.utf8).span, scope: node.first) { fields[name] = programs.fields[Int(index)] }
        }
        return fields
    }

    private mutating func compareLimits(_ before: SchemaNode, _ after: SchemaNode, at pointer: String) {
        let oldLimits = before.limits >= 0 ? old.limits[Int(before.limits)] : ValueLimits()
        let newLimits = after.limits >= 0 ? new.limits[Int(after.limits)] : ValueLimits()
        guard oldLimits != newLimits else { return }
        var relation: Relation = []
        relation.formUnion(Self.bound(oldLimits.minimum, newLimits.minimum, isUpper: false))
        relation.formUnion(Self.bound(oldLimits.maximum, newLimits.maximum, isUpper: true))
        relation.formUnion(Self.bound(oldLimits.minimumLength, newLimits.minimumLength, isUpper: false))
        relation.formUnion(Self.bound(oldLimits.maximumLength, newLimits.maximumLength, isUpper: true))
        relation.formUnion(Self.bound(oldLimits.decimalPlaces, newLimits.decimalPlaces, isUpper: true))
        append(relation, pointer, before: FaultText.limits(oldLimits), after: FaultText.limits(newLimits))
    }

    /// A bound that moved; none at all is the widest.
    private static func bound<Value: Comparable>(_ before: Value?, _ after: Value?, isUpper: Bool) -> Relation {
        switch (before, after) {
        case (nil, nil): []
        case (nil, _): .narrower
        case (_, nil): .wider
        case (let before?, let after?): before == after ? [] : (after > before) == isUpper ? .wider : .narrower
        }
    }

    private mutating func append(_ relation: Relation, _ pointer: String, before: String, after: String) {
        guard !relation.isEmpty, differences.count < Self.maximumDifferences else { return }
        differences.append(Difference(relation: relation, pointer: pointer, before: before, after: after))
    }

    private static func escaped(_ name: String) -> String {
        var text = ""
        for character in name.unicodeScalars {
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
