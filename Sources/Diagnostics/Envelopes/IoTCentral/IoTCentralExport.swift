import JSON

/// Azure IoT Central's data export: one JSON object per record, marked by `applicationId`, `messageSource` and `schema`; and the shapes beside it, see
/// `IoTCentralTransform` and `IoTCentralLegacy`.
///
/// Members may come in any order and unknown ones are left alone. Where a name is repeated the last one counts, as in most readers. The body is complete,
/// so headers count only where it says nothing.
enum IoTCentralExport {
    /// Fills `event` when the record is of this format; otherwise leaves it as it was and returns false.
    static func decode(_ input: borrowing DecoderInput, _ document: JSONDocument?, into event: inout DecodedEvent) -> Bool {
        guard let document else { return false }
        guard document.kind(document.root) == .object else { return IoTCentralLegacy.decode(input, document, into: &event) }
        var envelope = Members()
        var member = document.firstMember(of: document.root)
        while let found = member {
            envelope.take(found, in: document)
            member = document.nextMember(after: found, in: document.root)
        }
        if IoTCentralTransform.decode(envelope, in: document, into: &event) { return true }
        if let source = document.string(envelope.messageSource), let schema = document.string(envelope.schema),
            document.string(envelope.applicationID) != nil
        {
            readAddress(envelope, in: document, into: &event)
            read(source: source, schema: schema, envelope, in: document, into: &event)
            return true
        }
        if envelope.markCount < 2 { return IoTCentralLegacy.decode(input, document, into: &event) }
        readAddress(envelope, in: document, into: &event)
        refuseHalf(envelope, input, document, &event)
        return true
    }

    private static func read(source: JSONNode, schema: JSONNode, _ envelope: Members, in document: JSONDocument, into event: inout DecodedEvent) {
        event.envelope = document.equals(schema, "default@preview") ? .iotCentralPreview : .iotCentral
        guard event.envelope == .iotCentralPreview || document.equals(schema, "default@v1") else {
            event.kind = .unsupported
            let actual = BoundedText.bound(document.string(schema), limit: BoundedText.identifierLimit)
            event.notices.append(
                DecoderNotice(
                    rule: .schemaUnsupported, path: "/schema", byteOffset: document.offset(schema), expected: "default@v1 or default@preview",
                    actual: actual))
            return
        }
        event.kind = kind(source: source, type: document.string(envelope.messageType), in: document)
        if event.kind == .telemetry, let node = envelope.telemetry {
            event.sections.append(ValueSection(kind: .telemetry, shape: .members, node: node, pointer: "/telemetry"))
        }
        if event.kind.isProperty, let node = envelope.properties {
            event.sections.append(ValueSection(kind: event.kind, shape: .list, node: node, pointer: "/properties"))
        }
    }

    /// Who it is about, and when it was: the same members in every shape of the export.
    static func readAddress(_ envelope: Members, in document: JSONDocument, into event: inout DecodedEvent) {
        if let node = document.string(envelope.applicationID) { event.tenant = event.keep(node, of: document) }
        if let node = document.string(envelope.deviceID) { event.deviceID = event.keep(node, of: document) }
        event.templateNode = document.string(envelope.templateID)
        if let node = event.templateNode { event.templateRef = event.keep(node, of: document) }
        event.moduleNode = document.string(envelope.module)
        if let node = event.moduleNode { event.module = event.keep(node, of: document) }
        event.componentNode = document.string(envelope.component)
        if let node = event.componentNode { event.component = event.keep(node, of: document) }
        if let node = envelope.enqueuedTime { event.readServiceTime(node, of: document, path: "/enqueuedTime") }
        if let node = envelope.messageProperties, let clock = document.member("iothub-creation-time-utc", of: node) {
            event.deviceTime = document.timestamp(clock)
        }
    }

    /// Two of the three marks are the export's, so it is no other format; but what the third would say is not known.
    private static func refuseHalf(_ envelope: Members, _ input: borrowing DecoderInput, _ document: JSONDocument, _ event: inout DecodedEvent) {
        event.envelope = .iotCentral
        event.kind = .unsupported
        if event.tenant.isEmpty { event.tenant = input.keep(.iotCentralApplicationID, &event) }
        if event.deviceID.isEmpty { event.deviceID = input.keep(.iotCentralDeviceID, &event) }
        if event.deviceID.isEmpty, let key = input.record.key { event.deviceID = event.keep(key) }
        let marks: [(name: String, node: JSONNode?)] = [
            ("applicationId", envelope.applicationID), ("messageSource", envelope.messageSource), ("schema", envelope.schema),
        ]
        for mark in marks where document.string(mark.node) == nil {
            let actual = mark.node.map { document.kind($0).description } ?? "nothing"
            event.notices.append(
                DecoderNotice(
                    rule: .envelopeInvalid, path: "/\(mark.name)", byteOffset: document.offset(mark.node ?? document.root), expected: "a string",
                    actual: actual))
        }
    }
}

extension DecodedEvent {
    /// Takes the service's time from a member, or notes that it is none.
    mutating func readServiceTime(_ node: JSONNode, of document: JSONDocument, path: String) {
        serviceTime = document.timestamp(node)
        guard serviceTime == nil else { return }
        let actual =
            document.kind(node) == .string
            ? BoundedText.bound(document.string(node), limit: BoundedText.identifierLimit) : document.kind(node).description
        notices.append(
            DecoderNotice(
                rule: .envelopeInvalid, path: path, byteOffset: document.offset(node), expected: "an RFC 3339 time with its offset", actual: actual))
    }
}
