import JSON

/// The members of a structured event (CloudEvents JSON format §2–3), by place. Null is the same as absent; of a repeated name the last counts.
struct CloudEventAttributes {
    /// The members that count. The raw value is a place in `nodes`.
    private enum Name: Int, CaseIterable {
        case id, source, specVersion, type, subject, time, dataSchema, dataContentType, data, dataBase64
        case tenant, module, component, generation, sequence, deviceTime, expiryTime

        var text: StaticString {
            switch self {
            case .id: "id"
            case .source: "source"
            case .specVersion: "specversion"
            case .type: "type"
            case .subject: "subject"
            case .time: "time"
            case .dataSchema: "dataschema"
            case .dataContentType: "datacontenttype"
            case .data: "data"
            case .dataBase64: "data_base64"
            case .tenant: "tenant"
            case .module: "module"
            case .component: "component"
            case .generation: "generation"
            case .sequence: "sequence"
            case .deviceTime: "devicetime"
            case .expiryTime: "expirytime"
            }
        }
    }

    private static let names = Name.allCases
    private var nodes = InlineArray<17, JSONNode?>(repeating: nil)

    private subscript(name: Name) -> JSONNode? { nodes[name.rawValue] }

    /// Looks at the members of the outermost object.
    init(of document: JSONDocument) {
        var member = document.firstMember(of: document.root)
        while let found = member {
            for name in Self.names where document.equals(found.key, name.text) {
                // Null is data like any other; an attribute that is null is none.
                nodes[name.rawValue] = document.kind(found.value) == .null && name != .data ? nil : found.value
                break
            }
            member = document.nextMember(after: found, in: document.root)
        }
    }

    /// Fills the event's fields.
    func keep(in event: inout DecodedEvent, of document: JSONDocument, ingestTime: Timestamp) {
        if let node = text(.subject, document, &event) { event.deviceID = event.keep(node, of: document) }
        let named = text(.tenant, document, &event)
        if let node = named ?? document.string(self[.source]) { event.tenant = event.keep(node, of: document) }
        event.moduleNode = text(.module, document, &event)
        if let node = event.moduleNode { event.module = event.keep(node, of: document) }
        event.componentNode = text(.component, document, &event)
        if let node = event.componentNode { event.component = event.keep(node, of: document) }
        if let node = text(.generation, document, &event) { event.identityGeneration = event.keep(node, of: document) }
        if let node = text(.sequence, document, &event) { event.sequence = event.keep(node, of: document) }
        if let node = text(.dataSchema, document, &event) {
            let schema = document.bytes(node)
            if CloudEventsEnvelope.isModelID(schema.rawBytes) {
                event.templateNode = node
                event.templateRef = event.keep(schema.rawBytes)
            }
        }
        // The header tells of the event's format; what the data is the event tells itself, and JSON where it does not (JSON format §3.1.1).
        if let node = text(.dataContentType, document, &event) {
            event.contentType = event.keep(node, of: document)
        } else {
            event.contentType = event.keep("application/json".rawBytes)
        }
        if let source = document.string(self[.source]), let id = document.string(self[.id]) {
            CloudEventsEnvelope.keepMessageID(document.bytes(source).rawBytes, document.bytes(id).rawBytes, &event)
        }
        event.serviceTime = timestamp(.time, document, &event)
        event.deviceTime = timestamp(.deviceTime, document, &event)
        if let expiry = timestamp(.expiryTime, document, &event) { event.isExpired = expiry < ingestTime }
    }

    /// Whether the event says what it is; what keeps it from that is held against it.
    func isComplete(in document: JSONDocument, _ event: inout DecodedEvent) -> Bool {
        for name in [Name.id, .source, .specVersion, .type] {
            let node = self[name]
            let isText = document.string(node).map { document.text($0).byteCount > 0 } ?? false
            if isText { continue }
            let actual = node.map { document.kind($0) == .string ? "an empty string" : document.kind($0).description }
            event.notices.append(
                DecoderNotice(
                    rule: .envelopeInvalid, path: "/\(name.text)", byteOffset: document.offset(node ?? document.root), expected: "a text",
                    actual: actual ?? "nothing"))
        }
        guard let version = document.string(self[.specVersion]), document.text(version).byteCount > 0 else { return false }
        if !document.equals(version, "1.0") {
            let text = BoundedText.bound(document.string(version), limit: BoundedText.identifierLimit)
            CloudEventsEnvelope.holdVersion(text, path: "/specversion", offset: document.offset(version), &event)
            return false
        }
        return document.string(self[.type]).map { document.text($0).byteCount > 0 } ?? false
    }

    /// Reads the data by the event's type. Only for a complete event.
    func decodeData(in document: JSONDocument, _ embedded: inout EmbeddedDocument, into event: inout DecodedEvent) {
        guard let typeNode = document.string(self[.type]) else { return }
        let type = document.bytes(typeNode)
        if self[.data] != nil, let encoded = self[.dataBase64] {
            Self.holdEncoded(encoded, "data or data_base64", "both", document, &event)
        }
        if let data = self[.data] {
            let content = CloudEventContent.node(data, pointer: "/data")
            content.decode(document, type: type.rawBytes, typePath: "/type", declaresJSON: true, into: &event)
        } else if let encoded = self[.dataBase64], NativeEventType.meaning(of: type.rawBytes) != nil {
            decode(encoded, type: type.rawBytes, in: document, &embedded, into: &event)
        } else {
            CloudEventContent.missing.decode(document, type: type.rawBytes, typePath: "/type", declaresJSON: true, into: &event)
        }
    }

    /// Data in base64 (JSON format §3.1.1) is read like the value of a binary event. Its nodes are of a document of its own, and nothing in it has a
    /// place in the payload but that of the text as a whole.
    private func decode(
        _ encoded: JSONNode, type: RawSpan, in document: JSONDocument, _ embedded: inout EmbeddedDocument, into event: inout DecodedEvent
    ) {
        guard document.kind(encoded) == .string, embedded.decode(base64: document.bytes(encoded).rawBytes) else {
            event.kind = .unsupported
            let actual = document.kind(encoded) == .string ? "other text" : document.kind(encoded).description
            return Self.holdEncoded(encoded, "base64 (RFC 4648 §4)", actual, document, &event)
        }
        let place = document.offset(encoded)
        event.embeddedOffset = place
        (event.moduleNode, event.componentNode, event.templateNode) = (nil, nil, nil)
        let noticeCount = event.notices.count
        do throws(JSONSyntaxError) {
            try embedded.read()
            let inner = embedded.document
            let content = CloudEventContent.node(inner.root, pointer: "/data_base64")
            content.decode(inner, type: type, typePath: "/type", declaresJSON: true, into: &event)
        } catch {
            event.hasDocument = false
            event.syntaxError = error
            let content = embedded.isEmpty ? CloudEventContent.empty : .opaque
            content.decode(nil, type: type, typePath: "/type", declaresJSON: true, into: &event)
        }
        for index in noticeCount..<event.notices.count { event.notices[index].byteOffset = place }
    }

    private static func holdEncoded(
        _ node: JSONNode, _ expected: String, _ actual: String, _ document: JSONDocument, _ event: inout DecodedEvent
    ) {
        event.notices.append(
            DecoderNotice(
                rule: .envelopeInvalid, path: "/data_base64", byteOffset: document.offset(node), expected: expected, actual: actual))
    }

    private func text(_ name: Name, _ document: JSONDocument, _ event: inout DecodedEvent) -> JSONNode? {
        guard let node = self[name] else { return nil }
        if document.kind(node) == .string { return node }
        event.notices.append(
            DecoderNotice(
                rule: .envelopeInvalid, path: "/\(name.text)", byteOffset: document.offset(node), expected: "a text",
                actual: document.kind(node).description))
        return nil
    }

    private func timestamp(_ name: Name, _ document: JSONDocument, _ event: inout DecodedEvent) -> Timestamp? {
        guard let node = self[name] else { return nil }
        if let time = document.timestamp(node) { return time }
        let isText = document.kind(node) == .string
        let actual = isText ? BoundedText.bound(document.string(node), limit: BoundedText.identifierLimit) : document.kind(node).description
        event.notices.append(
            DecoderNotice(
                rule: .envelopeInvalid, path: "/\(name.text)", byteOffset: document.offset(node), expected: "a time (RFC 3339)", actual: actual))
        return nil
    }
}

extension JSONDocument {
    /// A string's bytes without escapes.
    func bytes(_ node: JSONNode) -> [UInt8] {
        var bytes: [UInt8] = []
        if hasEscapes(node) {
            unescape(node, into: &bytes)
        } else {
            text(node).append(to: &bytes)
        }
        return bytes
    }
}
