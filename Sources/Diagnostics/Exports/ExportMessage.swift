import JSON

/// An event as IoT Central's export writes it: `default@v1`. Made of whatever format the event came in.
///
/// What an export would have looked up is not known here and left out: enrichments, and a template that the message does not name.
package struct ExportMessage {
    /// How many messages an export makes of the event: two of a twin change that has reported and desired properties, else one.
    package static func parts(of event: borrowing DecodedEvent) -> Int { event.kind == .twin ? max(1, event.sections.count) : 1 }

    /// Appends the event that `decoder` decoded last from `record`: byte for byte the payload where that is a `default@v1` message already, else one made
    /// of it.
    ///
    /// - Parameters:
    ///   - applicationID: the IoT Central application that the message says it is of.
    ///   - part: which of the event's messages, see `parts(of:)`.
    /// - Returns: whether there is a message. There is none of an event that no export sends, nor of one whose values are not JSON.
    @discardableResult
    package static func append(
        _ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder, applicationID: String, part: Int = 0,
        to bytes: inout [UInt8]
    ) -> Bool {
        let section = part < event.sections.count ? event.sections[part] : nil
        let kind = section.map { event.kind == .twin ? $0.kind : event.kind } ?? event.kind
        guard let source = ExportSource(kind: kind), kind != .twin, event.syntaxError == nil, !kind.isJudged || event.hasDocument else {
            return false
        }
        if event.envelope == .iotCentral, event.hasDocument, let payload = record.payload {
            payload.append(to: &bytes)
            return true
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.text("applicationId", applicationID)
        writer.text("messageSource", source.rawValue)
        if event.hasDocument, let payload = record.payload {
            let document = decoder.document(over: payload)
            writer.text("messageType", type(of: kind) ?? change(in: document, of: event))
            writer.address(of: event)
            writer.content(of: event, section, kind, record, document)
        } else {
            writer.text("messageType", type(of: kind) ?? "updated")
            writer.address(of: event)
            writer.key("enrichments")
            writer.beginObject()
            writer.endObject()
        }
        writer.endObject()
        bytes += writer.bytes
        return true
    }

    /// The same as a line of newline-delimited JSON: breaks within the message, which stand between its parts only, become spaces.
    @discardableResult
    package static func appendLine(
        _ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder, applicationID: String, part: Int = 0,
        to bytes: inout [UInt8]
    ) -> Bool {
        let start = bytes.count
        guard append(event, record, decoder: decoder, applicationID: applicationID, part: part, to: &bytes) else { return false }
        for place in start..<bytes.count where bytes[place] == 0x0A || bytes[place] == 0x0D { bytes[place] = 0x20 }
        bytes.append(0x0A)
        return true
    }

    /// The service's time by the record itself; where it gives none, the event's.
    package static func time(of event: borrowing DecodedEvent) -> Timestamp { event.serviceTime ?? event.eventTime }

    // MARK: -

    /// What tells who changed what in an audit event.
    static let auditMembers: [StaticString] = ["actor", "resource", "updated"]

    /// What happened to a template, or in the service. Formats that do not say so tell of templates as they are now.
    static func change(in document: borrowing JSONDocument, of event: borrowing DecodedEvent) -> String {
        let isExport = [.iotCentral, .iotCentralPreview, .iotCentralTransform].contains(event.envelope)
        guard isExport, let type = document.string(document.member("messageType", of: document.root)) else { return "updated" }
        return document.string(type)
    }

    /// The `messageType` of a kind; empty for telemetry, which has none, nil where the record has to say.
    private static func type(of kind: EventKind) -> String? {
        switch kind {
        case .telemetry: ""
        case .propertyReported: "devicePropertyReportedChange"
        case .propertyDesired: "devicePropertyDesiredChange"
        case .propertyCloud: "cloudPropertyChange"
        case .connected, .disconnected, .registered, .deleted, .provisioned, .enabled, .disabled: kind.name
        case .renamed: "displayNameChanged"
        case .templateAssigned: "deviceTemplateChanged"
        default: nil
        }
    }
}

extension JSONWriter {
    /// Writes a member with a text, but none with an empty one. An application always has an id, and a message of the format has its member.
    fileprivate mutating func text(_ name: String, _ text: String) {
        guard !text.isEmpty || name == "applicationId" else { return }
        key(name)
        string(text)
    }

    /// Who it is about, and when it was.
    fileprivate mutating func address(of event: borrowing DecodedEvent) {
        text("deviceId", event.string(event.deviceID))
        text("schema", "default@v1")
        if !event.isTemplateOfModule { text("templateId", event.string(event.templateRef)) }
        text("enqueuedTime", ExportMessage.time(of: event).rfc3339Milliseconds)
        text("module", event.string(event.module))
        text("component", event.string(event.component))
    }

    fileprivate mutating func content(
        of event: borrowing DecodedEvent, _ section: ValueSection?, _ kind: EventKind, _ record: borrowing RecordView,
        _ document: borrowing JSONDocument
    ) {
        let isExport = event.envelope == .iotCentralPreview || event.envelope == .iotCentralTransform
        key("enrichments")
        if isExport, let enrichments = document.object("enrichments") {
            raw(document.source(enrichments))
        } else {
            beginObject()
            endObject()
        }
        switch kind {
        case .telemetry:
            if let section {
                key("telemetry")
                if section.shape == .list { tree(document.telemetry(of: section)) } else { raw(document.source(section.node)) }
            }
            messageProperties(of: event, isExport ? document.object("messageProperties") : nil, record, document)
        case .propertyReported, .propertyDesired, .propertyCloud:
            key("properties")
            beginArray()
            if let section {
                let (module, component) = (event.string(event.module), event.string(event.component))
                for property in ExportedProperty.all(in: section, of: event, document) {
                    beginObject()
                    if property.module != module { member("module", property.module) }
                    if property.component != component { member("component", property.component) }
                    member("name", property.name)
                    key("value")
                    if let value = property.value { raw(document.source(value)) } else { null() }
                    endObject()
                }
            }
            endArray()
        case .audit:
            for name in ExportMessage.auditMembers {
                guard let node = document.member(name, of: document.root) else { continue }
                key("\(name)")
                raw(document.source(node))
            }
        default: break
        }
    }

    /// What the device said about its message: what IoT Hub keeps in headers of the device's own, and the device's clock.
    private mutating func messageProperties(
        of event: borrowing DecodedEvent, _ own: JSONNode?, _ record: borrowing RecordView, _ document: borrowing JSONDocument
    ) {
        if let own {
            key("messageProperties")
            return raw(document.source(own))
        }
        var properties = event.envelope == .iotHub ? ApplicationProperties.all(in: record.headers) : []
        if let clock = event.deviceTime, !properties.contains(where: { $0.name == "iothub-creation-time-utc" }) {
            properties.append((name: "iothub-creation-time-utc", value: clock.rfc3339))
        }
        guard !properties.isEmpty else { return }
        key("messageProperties")
        beginObject()
        for property in properties { member(property.name, property.value) }
        endObject()
    }

    private mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }
}

extension JSONDocument {
    /// A member of the outermost object that is an object.
    fileprivate func object(_ name: StaticString) -> JSONNode? {
        member(name, of: root).flatMap { kind($0) == .object ? $0 : nil }
    }
}
