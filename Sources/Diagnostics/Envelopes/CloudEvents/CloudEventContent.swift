import JSON

/// An event's data, and what its type makes of it.
enum CloudEventContent {
    /// JSON at a node of the payload.
    case node(JSONNode, pointer: String)
    /// Bytes that are no JSON.
    case opaque
    /// No bytes at all, which is not the same as a null value.
    case empty
    /// A null value: an event without data, and in a compacted topic the end of its key (CloudEvents Kafka binding §3.2.3).
    case absent
    /// A structured event without data.
    case missing

    /// Sets the event's kind and finds its values.
    func decode(_ document: JSONDocument?, type: RawSpan, typePath: String, declaresJSON: Bool, into event: inout DecodedEvent) {
        guard let meaning = NativeEventType.meaning(of: type) else {
            if type.starts(with: "dev.hindcast.") {
                event.notices.append(
                    DecoderNotice(rule: .schemaUnsupported, path: typePath, expected: "one of our types", actual: BoundedText.text(type)))
            }
            return Self.leave(asJSON: declaresJSON, &event)
        }
        // An export's events are about no device, whatever their subject is.
        if meaning.kind == .exportState { event.deviceID = DecodedEvent.Field() }
        if event.deviceID.isEmpty, meaning.kind == .errorReport || meaning.kind == .deliveryReceipt {
            let path = typePath == "/type" ? "/subject" : "header:ce_subject"
            event.notices.append(DecoderNotice(rule: .envelopeInvalid, path: path, expected: "the device's id", actual: "nothing"))
        }
        switch self {
        case .absent where meaning.needsData: break
        case .missing where meaning.needsData:
            event.kind = .unsupported
            event.notices.append(DecoderNotice(rule: .envelopeInvalid, path: "/data", expected: "an object", actual: "nothing"))
        case .absent, .missing: event.kind = meaning.kind
        case .empty:
            event.kind = meaning.kind
            if !meaning.needsData { event.syntaxError = nil }
        case .opaque: event.kind = meaning.kind
        case .node(let node, let pointer):
            event.kind = meaning.kind
            guard let document else { return }
            guard let members = meaning.members else {
                event.sections.append(ValueSection(kind: meaning.kind, shape: .members, node: node, pointer: pointer))
                return
            }
            Self.check(node, at: pointer, for: members, in: document, &event)
            if meaning.kind == .registered, document.kind(node) == .object {
                // The type defines these two; what else the service knows has events of its own.
                let flags = DeviceFlags(of: node, in: document)
                event.deviceFlags = DeviceFlags(approved: flags.approved, simulated: flags.simulated)
            }
            if meaning.kind == .templateAssigned, let template = document.string(document.template(of: node)) {
                event.templateNode = template
                event.templateRef = event.keep(template, of: document)
            }
        }
    }

    /// Leaves an event alone whose type is not ours. Its data may be anything, and is only held to be JSON where it says that it is.
    static func leave(asJSON: Bool, _ event: inout DecodedEvent) {
        if event.kind != .tombstone { event.kind = .unsupported }
        if !asJSON { event.syntaxError = nil }
    }

    private static func check(
        _ node: JSONNode, at pointer: String, for members: [NativeEventType.Member], in document: JSONDocument, _ event: inout DecodedEvent
    ) {
        guard document.kind(node) == .object else {
            hold(node, at: pointer, "an object", document.kind(node).description, document, &event)
            return
        }
        for member in members {
            guard let value = document.member(member.name, of: node) else {
                if member.isRequired { hold(node, at: "\(pointer)/\(member.name)", member.expected, "nothing", document, &event) }
                continue
            }
            if !member.admits(value, in: document) {
                let actual = BoundedText.text(document.source(value))
                hold(value, at: "\(pointer)/\(member.name)", member.expected, actual, document, &event)
            }
        }
    }

    private static func hold(
        _ node: JSONNode, at path: String, _ expected: String, _ actual: String, _ document: JSONDocument, _ event: inout DecodedEvent
    ) {
        event.notices.append(
            DecoderNotice(rule: .envelopeInvalid, path: path, byteOffset: document.offset(node), expected: expected, actual: actual))
    }
}

extension JSONDocument {
    /// The member that names a template, where the node is an object that has it.
    fileprivate func template(of node: JSONNode) -> JSONNode? {
        kind(node) == .object ? member("template", of: node) : nil
    }
}
