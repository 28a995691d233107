/// Values against their schemas.
enum ValueRules {
    static let schemaMismatch = RuleEntry(
        rule: .schemaMismatch, family: .value, severity: .error,
        meaning: "The value has another type than its schema.",
        action: "Send the value as the schema says, or change the schema.",
        example: #"{"temperature":"21"} (a double)"#,
        source: #"every format; DTDL, "Schema""#)
    static let numberNotInteger = RuleEntry(
        rule: .numberNotInteger, family: .value, severity: .error,
        meaning: "The schema asks for an integer; the number is written with a fraction or an exponent.",
        action: "Send the value as the schema says, or change the schema.",
        example: #"{"strokes":1.0} (an integer)"#,
        source: #"every format; DTDL, "Primitive schemas""#)
    static let numberOutOfRange = RuleEntry(
        rule: .numberOutOfRange, family: .value, severity: .error,
        meaning: "The number does not fit in what the schema can hold.",
        action: "Send the value as the schema says, or change the schema.",
        example: #"{"strokes":2147483648} (an integer)"#,
        source: #"every format; DTDL, "Primitive schemas""#)
    static let datetimeWithoutOffset = RuleEntry(
        rule: .datetimeWithoutOffset, family: .value, severity: .warning,
        meaning: "The date and time carry no offset from UTC, so the instant is unknown.",
        action: "Append `Z` or an offset on the device.",
        example: #"{"serviced":"2024-01-02T03:04:05"}"#,
        source: #"every format; RFC 3339 section 5.6; DTDL, "Primitive schemas""#)
    static let enumUnknown = RuleEntry(
        rule: .enumUnknown, family: .value, severity: .error,
        meaning: "The value is none of the enumeration's values.",
        action: "Send the value as the schema says, or change the schema.",
        example: #"{"state":"ON"} (the values are on and off)"#,
        source: #"every format; DTDL, "Enum""#)
    static let fieldUndefined = RuleEntry(
        rule: .fieldUndefined, family: .value, severity: .warning, isOpen: true,
        meaning: "The object has a member that its schema has no field for.",
        action: "Add the field to the schema, or leave it out.",
        example: #"{"reading":{"value":1,"Unit":"bar"}}"#,
        source: #"every format; DTDL, "Object", fields"#)
    static let fieldRequired = RuleEntry(
        rule: .fieldRequired, family: .value, severity: .error,
        meaning: "A field that the schema requires is missing.",
        action: "Send the field.",
        example: #"{"reading":{"unit":"bar"}} (value is required)"#,
        source: "every format; DTDL requirement extension: co-type `Required`")
    static let valueNull = RuleEntry(
        rule: .valueNull, family: .value, severity: .warning,
        meaning: "The value is null.",
        action: "Leave the name out instead of sending null.",
        example: #"{"temperature":null}"#,
        source: "telemetry of every format; DTDL has no null. In properties null is a deletion and no fault")
    static let valueConstraint = RuleEntry(
        rule: .valueConstraint, family: .value, severity: .warning,
        meaning: "The value is outside of a limit that the template states.",
        action: "Correct the device, or widen the limit in the template.",
        example: #"{"pressure":11} (at most 10)"#,
        source: #"""
            every format; IoT Central's `NumberValue` and `StringValue`: minValue, maxValue, decimalPlaces, minLength, maxLength; geopoints \#
            without lat or lon
            """#)
}
