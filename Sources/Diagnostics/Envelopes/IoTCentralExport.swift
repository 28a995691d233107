import JSON

/// Azure IoT Central data export, schema `default@v1`: one JSON object per record, recognised by `applicationId`, `messageSource` and `schema`.
///
/// Members may come in any order and unknown ones are left alone. Where a name is repeated the last one counts, as in most readers.
enum IoTCentralExport {
    /// Fills `event` when the document is of this format; otherwise leaves it as it was and returns false.
    static func decode(_ document: JSONDocument, into event: inout DecodedEvent, serviceTime: inout Timestamp?) -> Bool {
        guard document.kind(document.root) == .object else { return false }
        var envelope = Envelope()
        var member = document.firstMember(of: document.root)
        while let found = member {
            envelope.take(found, in: document)
            member = document.nextMember(after: found, in: document.root)
        }
        guard let application = envelope.text(envelope.applicationID, in: document), let source = envelope.text(envelope.messageSource, in: document),
            let schema = envelope.text(envelope.schema, in: document), document.equals(schema, "default@v1")
        else { return false }

        event.envelope = .iotCentral
        event.kind = kind(source: source, type: envelope.text(envelope.messageType, in: document), in: document)
        event.tenant = keep(application, document, &event)
        if let node = envelope.text(envelope.deviceID, in: document) { event.deviceID = keep(node, document, &event) }
        if let node = envelope.text(envelope.templateID, in: document) { event.templateRef = keep(node, document, &event) }
        if let node = envelope.text(envelope.module, in: document) { event.module = keep(node, document, &event) }
        if let node = envelope.text(envelope.component, in: document) { event.component = keep(node, document, &event) }
        if let node = envelope.text(envelope.enqueuedTime, in: document) { serviceTime = Timestamp(rfc3339: document.text(node)) }
        if let node = envelope.messageProperties, document.kind(node) == .object,
            let clock = document.member("iothub-creation-time-utc", of: node), document.kind(clock) == .string
        {
            event.deviceTime = Timestamp(rfc3339: document.text(clock))
        }
        if event.kind == .telemetry { event.body = envelope.telemetry }
        if event.kind.isProperty { event.body = envelope.properties }
        return true
    }

    private static func keep(_ node: JSONNode, _ document: JSONDocument, _ event: inout DecodedEvent) -> DecodedEvent.Field {
        guard document.hasEscapes(node) else { return event.keep(document.text(node)) }
        var unescaped: [UInt8] = []
        document.unescape(node, into: &unescaped)
        return event.keep(unescaped.rawBytes)
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
            return .templateLifecycle
        } else if document.equals(source, "audit") {
            return .audit
        }
        return .unsupported
    }

    /// The members of the outermost object that this format defines, by place.
    private struct Envelope {
        var applicationID: JSONNode?
        var messageSource: JSONNode?
        var messageType: JSONNode?
        var schema: JSONNode?
        var deviceID: JSONNode?
        var templateID: JSONNode?
        var enqueuedTime: JSONNode?
        var module: JSONNode?
        var component: JSONNode?
        var messageProperties: JSONNode?
        var telemetry: JSONNode?
        var properties: JSONNode?

        mutating func take(_ member: JSONMember, in document: JSONDocument) {
            let name = member.key
            if document.equals(name, "applicationId") {
                applicationID = member.value
            } else if document.equals(name, "messageSource") {
                messageSource = member.value
            } else if document.equals(name, "messageType") {
                messageType = member.value
            } else if document.equals(name, "schema") {
                schema = member.value
            } else if document.equals(name, "deviceId") {
                deviceID = member.value
            } else if document.equals(name, "templateId") {
                templateID = member.value
            } else if document.equals(name, "enqueuedTime") {
                enqueuedTime = member.value
            } else if document.equals(name, "module") {
                module = member.value
            } else if document.equals(name, "component") {
                component = member.value
            } else if document.equals(name, "messageProperties") {
                messageProperties = member.value
            } else if document.equals(name, "telemetry") {
                telemetry = member.value
            } else if document.equals(name, "properties") {
                properties = member.value
            }
        }

        /// A member that has to be a string to mean anything.
        func text(_ node: JSONNode?, in document: JSONDocument) -> JSONNode? {
            guard let node, document.kind(node) == .string else { return nil }
            return node
        }
    }
}
