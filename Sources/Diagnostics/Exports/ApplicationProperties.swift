import JSON

/// The headers of a message of IoT Hub that its device set: all but those of the hub, of Event Hubs and of AMQP.
enum ApplicationProperties {
    /// Name and text of each in order, of a repeated name the first. Values that are no text are left out.
    static func all(in headers: RawSpan) -> [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        var reader = HeaderReader(headers)
        while let header = reader.next() {
            let name = headers.extracting(header.name)
            guard let range = header.value, !isSystem(name) else { continue }
            let text = BoundedText.text(name)
            let value = headers.extracting(range)
            switch HeaderValue(value, as: .text) {
            case .text(let range), .symbol(let range):
                if found.contains(where: { $0.name == text }) { continue }
                found.append((name: text, value: String(decoding: bytes(value.extracting(range)), as: UTF8.self)))
            default: continue
            }
        }
        return found
    }

    private static func isSystem(_ name: RawSpan) -> Bool {
        if name.starts(with: "iothub-") || name.starts(with: "dt-") || name.starts(with: "x-opt-") || name.starts(with: "$") { return true }
        return system.contains { name.equals($0) }
    }

    /// The properties section of AMQP (1.0, part 3, §3.2.4), by the names that Event Hubs gives them.
    private static let system: [StaticString] = [
        "message-id", "user-id", "to", "subject", "reply-to", "correlation-id", "content-type", "content-encoding", "absolute-expiry-time",
        "creation-time", "group-id", "group-sequence", "reply-to-group-id",
    ]

    private static func bytes(_ span: RawSpan) -> [UInt8] {
        var bytes: [UInt8] = []
        span.append(to: &bytes)
        return bytes
    }
}
