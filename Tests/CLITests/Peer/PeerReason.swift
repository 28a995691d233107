/// Why ours differs from the peer on purpose: a general rule, stated in the table that is checked in.
struct PeerReason: Sendable {
    /// As the table has it.
    let text: String
    /// Whether it explains a difference.
    let explains: @Sendable (PeerDifference) -> Bool

    /// The reason for a difference; nil where there is none.
    static func of(_ difference: PeerDifference) -> PeerReason? { all.first { $0.explains(difference) } }

    private static let mismatch = PeerDifference.Side.peers(code: "invalid_primitive_schema_mismatch_template")
    private static let timeSchemas: Set = ["date", "dateTime", "time", "duration"]

    /// Ours alone, by a rule.
    private static func ours(_ text: String, _ rules: String..., where isSo: @escaping @Sendable (PeerDifference, String) -> Bool = { _, _ in true })
        -> PeerReason
    {
        PeerReason(text: text) { difference in
            guard case .ours(let rule, let actual) = difference.side, rules.contains(rule) else { return false }
            return isSo(difference, actual)
        }
    }

    /// The peer's alone, by a code.
    private static func peers(_ text: String, _ codes: String..., where isSo: @escaping @Sendable (PeerDifference) -> Bool) -> PeerReason {
        PeerReason(text: text) { difference in
            guard case .peers(let code) = difference.side, codes.contains(code) else { return false }
            return isSo(difference)
        }
    }

    static let all = [
        ours("NaN and Infinity are no JSON (RFC 8259 §6)", "json-invalid") { difference, _ in
            difference.test.value.contains("NaN") || difference.test.value.contains("Infinity")
        },
        ours(
            "JSON is UTF-8 without a mark (RFC 8259 §8.1), whole escapes (§7) and one document; the peer guesses encodings and deletes escapes",
            "json-invalid"),
        PeerReason(text: "what is not JSON is not judged further") { difference in
            if case .peers = difference.side { return difference.rules.contains("json-invalid") } else { return false }
        },
        peers("a backslash before n or r inside a string is JSON; the peer deletes the pair", "invalid_json") { difference in
            difference.test.value.contains(#"\n"#) || difference.test.value.contains(#"\r"#)
        },
        peers("numbers of any length are JSON", "invalid_json") { $0.test.value.count > 4000 },
        ours("a payload is an object, and one that is not is reported", "json-not-object"),
        ours("a name that stands twice is reported", "json-duplicate-key"),
        PeerReason(text: "every value of a name that stands twice is judged; the peer sees the last") { difference in
            guard case .ours(let rule, _) = difference.side else { return false }
            return difference.rules.contains("json-duplicate-key") && PeerDifference.valueRules.contains(rule)
        },
        ours("null is no value of telemetry", "value-null"),
        ours("ranges are checked: 32 and 64 bits, float and double, latitude and longitude", "number-out-of-range", "value-constraint"),
        ours("long is an integer", "number-not-integer") { difference, _ in difference.test.schema == "long" },
        ours("booleans are no numbers", "schema-mismatch", "enum-unknown") { _, actual in actual == "true" || actual == "false" },
        ours("an integer enumeration has integers: 1.0 is none", "number-not-integer", "enum-unknown", "schema-mismatch") { difference, _ in
            difference.test.schema == "Enum_integer"
        },
        ours("an instant has an offset from UTC", "datetime-without-offset"),
        ours("dates, times and durations are those of RFC 3339 and of ISO 8601 as DTDL has them, not whatever isodate reads", "schema-mismatch") {
            difference, _ in
            timeSchemas.contains(difference.test.schema)
        },
        PeerReason(text: "a duration of zero is a duration") { difference in
            difference.side == mismatch && difference.test.schema == "duration"
                && difference.test.value.allSatisfy { !$0.isNumber || $0 == "0" }
        },
        PeerReason(text: "RFC 3339 allows lower-case t and z, and leap seconds") { difference in
            difference.side == mismatch && timeSchemas.contains(difference.test.schema)
        },
        PeerReason(text: "Array and Map are supported") { difference in
            difference.side == mismatch && ["Array", "Map"].contains(difference.test.schema)
        },
        PeerReason(text: "geospatial schemas are supported; no field of theirs is required") { difference in
            difference.side == mismatch && difference.test.schema == "dtmi_reference"
        },
        PeerReason(text: "a schema that nobody defines judges nothing: who publishes the template is told") { difference in
            difference.side == mismatch && difference.test.schema == "misspelled"
        },
        ours("what the template defines as a property or a command is no telemetry", "capability-kind", "capability-cloud"),
        PeerReason(text: "a value of the wrong kind is not judged by its schema") { difference in
            difference.side == mismatch && difference.rules.contains("capability-kind")
        },
        ours("the content type is always looked at", "content-type-unexpected") { difference, _ in
            difference.test.family == "content_type_no_expectation"
        },
        peers("parameters and blanks around a content type change nothing", "content_type_mismatch") { _ in true },
        ours("a line end after a name is part of it; names IoT Central keeps are reported", "name-invalid", "name-reserved"),
        ours("one name in several interfaces is reported, and any of them satisfies", "capability-ambiguous"),
        peers("one name in several interfaces is reported, and any of them satisfies", "invalid_primitive_schema_mismatch_template") { difference in
            difference.rules.contains("capability-ambiguous")
        },
        ours("iothub-interface-name is a component's place where dt-subject is not there", "component-unknown") { difference, _ in
            difference.test.family == "interface"
        },
        peers(
            "modules are judged by their own model", "invalid_field_name_mismatch_template", "invalid_field_name_component_mismatch_template",
            "invalid_component_name", "device_template_not_found"
        ) { $0.test.family == "module" },
        ours(
            "modules are judged by their own model", "module-unknown", "component-unknown", "capability-undefined", "schema-mismatch",
            "edge-runtime-outdated"
        ) { difference, _ in difference.test.family == "module" },
        peers(
            "inheritance of any depth and components wherever they are declared are read", "invalid_field_name_mismatch_template",
            "invalid_field_name_component_mismatch_template", "invalid_component_name"
        ) { ["extends", "template", "component"].contains($0.test.family) },
        peers("templates that the peer's reader gives up on are read", "device_template_not_found") { difference in
            !difference.test.codes.contains("unknown_device_id")
        },
        ours("a template needs an @id and a model to be one", "template-refused"),
        PeerReason(text: "what has no template is not judged by one") { difference in
            if case .peers = difference.side {
                return !Set(["template-refused", "template-unknown"]).isDisjoint(with: difference.rules)
            } else {
                return false
            }
        },
        ours("dt-dataschema names the model that a message is judged by", "template-unknown") { difference, _ in
            difference.test.family == "interface"
        },
        peers("a name that IoT Central keeps, or that wraps a component, is reported as that", "invalid_field_name") { difference in
            !Set(["name-reserved", "component-wrapped"]).isDisjoint(with: difference.rules)
        },
        ours(
            "a template is read whole: what it defines is checked, what it lacks is undefined", "capability-undefined", "schema-mismatch",
            "component-missing"
        ) { difference, _ in
            ["extends", "template"].contains(difference.test.family)
        },
        peers("a message of no device has no template: it is said once", "device_template_not_found") { difference in
            difference.test.codes.contains("unknown_device_id")
        },
    ]
}
