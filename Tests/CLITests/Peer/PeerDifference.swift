/// Something that one side says of a case and the other does not.
struct PeerDifference: CustomStringConvertible {
    enum Side: Equatable {
        /// A rule of ours with what it found; the peer is silent.
        case ours(rule: String, actual: String)
        /// A code of the peer's; ours is silent.
        case peers(code: String)
    }

    let test: PeerCase
    let side: Side
    /// Everything that ours says.
    let rules: [String]

    var description: String { "\(test.name): \(side), ours \(rules), peer's \(test.codes)" }

    /// Which rules of ours say what a code of the peer's says.
    static func rules(for code: String) -> Set<String> {
        switch code {
        case "invalid_json": ["json-invalid", "payload-empty"]
        case "invalid_primitive_schema_mismatch_template": valueRules
        case "invalid_field_name": ["name-invalid"]
        case "invalid_field_name_mismatch_template", "invalid_field_name_component_mismatch_template":
            ["capability-undefined", "capability-case", "component-missing", "component-wrapped", "name-invalid", "name-reserved"]
        case "invalid_component_name": ["component-unknown"]
        case "unknown_device_id": ["device-id-missing"]
        case "device_template_not_found": ["template-unassigned", "template-unknown", "template-refused"]
        case "invalid_encoding_none_found", "invalid_encoding": ["content-encoding-unexpected"]
        case "content_type_mismatch": ["content-type-unexpected"]
        default: []
        }
    }

    static let valueRules: Set<String> = [
        "schema-mismatch", "number-not-integer", "number-out-of-range", "enum-unknown", "field-undefined", "field-required", "value-null",
        "value-constraint", "datetime-without-offset",
    ]

    /// What the two sides say differently.
    static func all(of test: PeerCase, ours: [(rule: String, actual: String)]) -> [PeerDifference] {
        let rules = ours.map(\.rule)
        let said = test.codes.reduce(into: Set<String>()) { $0.formUnion(Self.rules(for: $1)) }
        let more = ours.filter { !said.contains($0.rule) }.map { Side.ours(rule: $0.rule, actual: $0.actual) }
        let fewer = test.codes.filter { Self.rules(for: $0).isDisjoint(with: rules) }.map { Side.peers(code: $0) }
        return (more + fewer).map { PeerDifference(test: test, side: $0, rules: rules) }
    }
}
