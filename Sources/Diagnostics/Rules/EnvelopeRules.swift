/// What stands around the payload.
enum EnvelopeRules {
    static let envelopeInvalid = RuleEntry(
        rule: .envelopeInvalid, family: .envelope, severity: .error,
        meaning: "No known wire format wraps the payload, or what wraps it breaks the format's rules.",
        action: "Check that the topic carries device messages, and the topic's envelope setting.",
        example: #"{"temperature":21} (without device or envelope)"#,
        source: "every format: the clause that its page names")
    static let schemaUnsupported = RuleEntry(
        rule: .schemaUnsupported, family: .envelope, severity: .warning,
        meaning: "The wire format is known, but not this version or kind of message of it; the event was kept.",
        action: "Upgrade Hindcast and decode the log anew, or change what the service sends.",
        example: #"{"applicationId":"…","messageSource":"telemetry","schema":"default@v9"}"#,
        source: "every format: IoT Central's `schema`, IoT Hub's `iothub-message-schema`, CloudEvents' `specversion` and `type`")
    static let deviceIDMissing = RuleEntry(
        rule: .deviceIDMissing, family: .envelope, severity: .error,
        meaning: "The record is about a device and names none.",
        action: "Let the record name its device: the envelope's device id, or the record key.",
        example: #"{"applicationId":"…","messageSource":"telemetry","schema":"default@v1","telemetry":{}}"#,
        source: "every format: IoT Hub `iothub-connection-device-id`, IoT Central `deviceId`, CloudEvents `subject`, Hono `device_id`")
    static let eventTimeImplausible = RuleEntry(
        rule: .eventTimeImplausible, family: .envelope, severity: .warning,
        meaning: "The service's time for the event cannot be true; another time stands for it.",
        action: "Correct the clock or the time format of what writes the records.",
        example: #""enqueuedTime":"2200-01-01T00:00:00Z""#,
        source:
            "every format with a time of the service: at most 30 days before the broker's time and one day after it; in a record without a broker's time, as a capture may have, any time of the years 2000 to 2099"
    )
    static let clockSkew = RuleEntry(
        rule: .clockSkew, family: .envelope, severity: .warning,
        meaning: "The device's clock is more than 5 minutes away from the service's.",
        action: "Set the device's clock, and let it send UTC.",
        example: #""iothub-creation-time-utc":"2020-01-01T00:00:00Z" in a record of today"#,
        source: "IoT Hub and IoT Central: `iothub-creation-time-utc` against the enqueued time of one record")
}
