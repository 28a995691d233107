import JSON

/// What an export's transform is given, and what it passes on when it changes nothing: no `schema`, the device in an object of its own, and telemetry as an
/// array of `{id, name, value}`. The properties within `device` are its state, not news of it, so nothing judges them.
enum IoTCentralTransform {
    /// Fills `event` when the document is of this shape; otherwise leaves it as it was and returns false.
    static func decode(_ envelope: IoTCentralExport.Members, in document: JSONDocument, into event: inout DecodedEvent) -> Bool {
        guard envelope.schema == nil, let device = envelope.device, document.kind(device) == .object else { return false }
        let source = document.string(envelope.messageSource)
        let isArray = envelope.telemetry.map { document.kind($0) == .array } ?? false
        guard source != nil || isArray || document.string(envelope.enqueuedTime) != nil else { return false }
        event.envelope = .iotCentralTransform
        IoTCentralExport.readAddress(envelope, in: document, into: &event)
        if let node = document.string(document.member("id", of: device)) { event.deviceID = event.keep(node, of: document) }
        event.deviceFlags = DeviceFlags(of: device, in: document)
        if let node = document.string(document.member("templateId", of: device)) {
            event.templateNode = node
            event.templateRef = event.keep(node, of: document)
        }
        if let source {
            event.kind = IoTCentralExport.kind(source: source, type: document.string(envelope.messageType), in: document)
        } else {
            event.kind = envelope.telemetry == nil ? .unsupported : .telemetry
        }
        if event.kind == .telemetry, let node = envelope.telemetry {
            // A transform may put the values back into an object keyed by name.
            let shape: ValueSection.Shape = document.kind(node) == .object ? .members : .list
            event.sections.append(ValueSection(kind: .telemetry, shape: shape, node: node, pointer: "/telemetry"))
        }
        if event.kind.isProperty, let node = envelope.properties {
            event.sections.append(ValueSection(kind: event.kind, shape: .list, node: node, pointer: "/properties"))
        }
        return true
    }
}
