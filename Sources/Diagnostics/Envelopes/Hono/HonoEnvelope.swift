import JSON

/// Eclipse Hono's northbound API for Kafka.
enum HonoEnvelope {
    /// Fills `event` when the record is of this format; otherwise leaves it as it was and returns false.
    static func decode(_ input: borrowing DecoderInput, _ document: JSONDocument?, into event: inout DecodedEvent) -> Bool { false }
}
