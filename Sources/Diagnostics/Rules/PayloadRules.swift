/// The payload as bytes and as JSON.
enum PayloadRules {
    static let jsonInvalid = RuleEntry(
        rule: .jsonInvalid, family: .payload, severity: .error,
        meaning: "The payload is not JSON (RFC 8259).",
        action: "Mend the device's serialiser at the byte that is named.",
        example: #"{"temperature":21,}"#,
        source: "every format; RFC 8259; what was found begins with the reason, of a closed list")
    static let jsonNotObject = RuleEntry(
        rule: .jsonNotObject, family: .payload, severity: .error,
        meaning: "The payload, or the part of it that carries values, is JSON of another type than the envelope defines.",
        action: "Send one JSON object whose members are the capabilities.",
        example: #"[{"temperature":21}]"#,
        source: #"every format; IoT Plug and Play conventions, "Telemetry"; IoT Central's "Telemetry, property, and command payloads""#)
    static let jsonDuplicateKey = RuleEntry(
        rule: .jsonDuplicateKey, family: .payload, severity: .warning,
        meaning: "An object among the values has one name twice; readers differ in which one they take.",
        action: "Send every name once.",
        example: #"{"temperature":21,"temperature":22}"#,
        source: "every format; RFC 8259 section 4: names within an object should be unique")
    static let payloadEmpty = RuleEntry(
        rule: .payloadEmpty, family: .payload, severity: .error,
        meaning: "There is no payload, or only white space, where values are expected.",
        action: "Send a JSON object, `{}` at least, or nothing at all.",
        example: "(zero bytes)",
        source: "every format; RFC 8259 section 2: a JSON text is one value")
    static let payloadTooLarge = RuleEntry(
        rule: .payloadTooLarge, family: .payload, severity: .warning,
        meaning: "The payload is longer than 262144 bytes, which IoT Hub takes no more of in one message.",
        action: "Send less in one message, or upload a file.",
        example: "(a payload of 262145 bytes)",
        source: "every format; Azure IoT Hub quotas: 256 KB for a message from a device")
    static let contentTypeUnexpected = RuleEntry(
        rule: .contentTypeUnexpected, family: .payload, severity: .warning,
        meaning: "The record says that its payload is something else than JSON, or where that has to be said does not say it.",
        action: "Set the message's content type to `application/json`.",
        example: "content-type: text/plain",
        source: "IoT Hub, CloudEvents, Hono and raw records; IoT Hub message routing: only `application/json` is looked into")
    static let contentEncodingUnexpected = RuleEntry(
        rule: .contentEncodingUnexpected, family: .payload, severity: .warning,
        meaning: "The record says that its payload is encoded in something else than UTF-8, or where that has to be said does not say it.",
        action: "Set the message's content encoding to `utf-8`, and do not compress the payload.",
        example: "content-encoding: gzip",
        source: "IoT Hub, CloudEvents, Hono and raw records; IoT Hub message routing. A compressed payload is not called `json-invalid` too")
}
