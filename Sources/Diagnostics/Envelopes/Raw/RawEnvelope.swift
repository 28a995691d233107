import JSON

/// No envelope at all: each payload is a device's own message and each key names the device. Nothing marks it, so it is never guessed.
enum RawEnvelope {
    /// Fills `event`; every record is of this format where settings choose it.
    static func decode(_ input: borrowing DecoderInput, _ document: JSONDocument?, into event: inout DecodedEvent) -> Bool {
        event.envelope = .raw
        if let key = input.record.key { event.deviceID = event.keep(key) }
        guard input.record.payload != nil else { return true }
        event.kind = .telemetry
        if let document { event.sections.append(ValueSection(kind: .telemetry, shape: .members, node: document.root, pointer: "")) }
        return true
    }
}
