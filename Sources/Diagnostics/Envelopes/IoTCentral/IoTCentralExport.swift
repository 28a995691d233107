import JSON

/// Azure IoT Central data export, schema `default@v1`: one JSON object per record, recognised by `applicationId`, `messageSource` and `schema`.
///
/// Members may come in any order and unknown ones are left alone. Where a name is repeated the last one counts, as in most readers.
enum IoTCentralExport {
    /// Fills `event` when the document is of this format; otherwise leaves it as it was and returns false.
    static func decode(_ input: borrowing DecoderInput, _ document: JSONDocument?, into event: inout DecodedEvent) -> Bool {
        guard let document, document.kind(document.root) == .object else { return false }
        var envelope = Members()
        var member = document.firstMember(of: document.root)
        while let found = member {
            envelope.take(found, in: document)
            member = document.nextMember(after: found, in: document.root)
        }
        guard let application = document.string(envelope.applicationID), let source = document.string(envelope.messageSource),
            let schema = document.string(envelope.schema), document.equals(schema, "default@v1")
        else { return false }

        event.envelope = .iotCentral
        event.kind = kind(source: source, type: document.string(envelope.messageType), in: document)
        event.tenant = event.keep(application, of: document)
        if let node = document.string(envelope.deviceID) { event.deviceID = event.keep(node, of: document) }
        event.templateNode = document.string(envelope.templateID)
        if let node = event.templateNode { event.templateRef = event.keep(node, of: document) }
        event.moduleNode = document.string(envelope.module)
        if let node = event.moduleNode { event.module = event.keep(node, of: document) }
        event.componentNode = document.string(envelope.component)
        if let node = event.componentNode { event.component = event.keep(node, of: document) }
        if let node = document.string(envelope.enqueuedTime) { event.serviceTime = document.timestamp(node) }
        if let node = envelope.messageProperties, let clock = document.member("iothub-creation-time-utc", of: node) {
            event.deviceTime = document.timestamp(clock)
        }
        if event.kind == .telemetry, let node = envelope.telemetry {
            event.sections.append(ValueSection(kind: .telemetry, shape: .members, node: node, pointer: "/telemetry"))
        }
        if event.kind.isProperty, let node = envelope.properties {
            event.sections.append(ValueSection(kind: event.kind, shape: .list, node: node, pointer: "/properties"))
        }
        return true
    }

    /// The six message sources and their types; a source or type that is none of them is `unsupported`, not an error: the service may add some.
    private static func kind(source: JSONNode, type: JSONNode?, in document: JSONDocument) -> EventKind {
        if document.equals(source, "telemetry") { return .telemetry }
        guard let type else { return .unsupported }
        if document.equals(source, "properties") {
            if document.equals(type, "devicePropertyReportedChange") { return .propertyReported }
            if document.equals(type, "devicePropertyDesiredChange") { return .propertyDesired }
            if document.equals(type, "cloudPropertyChange") { return .propertyCloud }
        } else if document.equals(source, "deviceConnectivity") {
            if document.equals(type, "connected") { return .connected }
            if document.equals(type, "disconnected") { return .disconnected }
        } else if document.equals(source, "deviceLifecycle") {
            if document.equals(type, "registered") { return .registered }
            if document.equals(type, "deleted") { return .deleted }
            if document.equals(type, "provisioned") { return .provisioned }
            if document.equals(type, "enabled") { return .enabled }
            if document.equals(type, "disabled") { return .disabled }
            if document.equals(type, "displayNameChanged") { return .renamed }
            if document.equals(type, "deviceTemplateChanged") { return .templateAssigned }
        } else if document.equals(source, "deviceTemplateLifecycle") {
            if isChange(type, in: document) { return .templateLifecycle }
        } else if document.equals(source, "audit") {
            if isChange(type, in: document) { return .audit }
        }
        return .unsupported
    }

    private static func isChange(_ type: JSONNode, in document: JSONDocument) -> Bool {
        document.equals(type, "created") || document.equals(type, "updated") || document.equals(type, "deleted")
    }
}
