import JSON

/// CloudEvents 1.0 by its Kafka binding: binary, where attributes are headers `ce_…` and the value is the data (§3.2), and structured, where the value
/// is the whole event as JSON (§3.3). Batches are not for Kafka (§3), and no other event format is read.
///
/// The device is `subject`, its namespace the extension `tenant` or else `source`, the template `dataschema` where that is the id of a model. Which
/// types mean what, see `NativeEventType`.
enum CloudEventsEnvelope {
    /// Fills `event` when the record is of this format; otherwise leaves it as it was and returns false.
    static func decode(
        _ input: borrowing DecoderInput, _ document: JSONDocument?, _ embedded: inout EmbeddedDocument, into event: inout DecodedEvent
    ) -> Bool {
        if let mediaType = input.text(.contentType), mediaType.startsIgnoringCase(with: "application/cloudevents") {
            event.envelope = .cloudEvents
            decodeStructured(input, document, isJSON: mediaType.isMediaType("application/cloudevents+json"), &embedded, into: &event)
            return true
        }
        let headers = input.headers
        guard headers.has(.cloudSpecVersion) || (headers.has(.cloudID) && headers.has(.cloudSource) && headers.has(.cloudType)) else { return false }
        event.envelope = .cloudEvents
        decodeBinary(input, document, into: &event)
        return true
    }

    // MARK: - Backfill

    /// An event that was sent again, see `BackfillIdentity`: it is the export's own message, whose envelope is around the payload, and takes from the
    /// headers only its id, by which a repetition is known. False, and the event as it was, where the payload is no such message.
    static func decodeBackfill(_ input: borrowing DecoderInput, _ document: JSONDocument?, into event: inout DecodedEvent) -> Bool {
        guard input.header(.cloudType, is: BackfillIdentity.type), IoTCentralExport.decode(input, document, into: &event) else { return false }
        if let source = input.text(.cloudSource), let id = input.text(.cloudID) { keepMessageID(source, id, &event) }
        return true
    }

    // MARK: - Binary

    private static func decodeBinary(_ input: borrowing DecoderInput, _ document: JSONDocument?, into event: inout DecodedEvent) {
        for name in [HeaderName.cloudID, .cloudSource, .cloudSpecVersion, .cloudType] where (input.text(name)?.byteCount ?? 0) == 0 {
            event.notices.append(DecoderNotice(rule: .envelopeInvalid, path: "header:\(name.text)", expected: "a text", actual: "nothing"))
        }
        event.deviceID = input.keep(.cloudSubject, &event)
        event.tenant = input.keep(input.headers.has(.cloudTenant) ? .cloudTenant : .cloudSource, &event)
        event.module = input.keep(.cloudModule, &event)
        event.component = input.keep(.cloudComponent, &event)
        event.identityGeneration = input.keep(.cloudGeneration, &event)
        event.sequence = input.keep(.cloudSequence, &event)
        if let schema = input.text(.cloudDataSchema), isModelID(schema) { event.templateRef = event.keep(schema) }
        if let source = input.text(.cloudSource), let id = input.text(.cloudID) { keepMessageID(source, id, &event) }
        event.serviceTime = time(.cloudTime, of: input, &event)
        event.deviceTime = time(.cloudDeviceTime, of: input, &event)
        if let expiry = time(.cloudExpiryTime, of: input, &event) { event.isExpired = expiry < input.record.ingestTime }

        guard let version = input.text(.cloudSpecVersion), version.equals("1.0") else {
            if let version = input.text(.cloudSpecVersion), version.byteCount > 0 {
                holdVersion(BoundedText.text(version), path: "header:ce_specversion", &event)
            }
            return CloudEventContent.leave(asJSON: declaresJSON(input), &event)
        }
        guard let type = input.text(.cloudType), type.byteCount > 0 else { return CloudEventContent.leave(asJSON: declaresJSON(input), &event) }
        let content: CloudEventContent =
            if let document {
                .node(document.root, pointer: "")
            } else if let payload = input.record.payload {
                payload.byteCount == 0 ? .empty : .opaque
            } else {
                .absent
            }
        content.decode(document, type: type, typePath: "header:ce_type", declaresJSON: declaresJSON(input), into: &event)
    }

    private static func declaresJSON(_ input: borrowing DecoderInput) -> Bool { input.text(.contentType)?.isJSONMediaType ?? true }

    private static func time(_ name: HeaderName, of input: borrowing DecoderInput, _ event: inout DecodedEvent) -> Timestamp? {
        guard input.headers.has(name) else { return nil }
        if let time = input.timestamp(name) { return time }
        event.notices.append(
            DecoderNotice(rule: .envelopeInvalid, path: "header:\(name.text)", expected: "a time (RFC 3339)", actual: input.description(of: name)))
        return nil
    }

    // MARK: - Structured

    private static func decodeStructured(
        _ input: borrowing DecoderInput, _ document: JSONDocument?, isJSON: Bool, _ embedded: inout EmbeddedDocument,
        into event: inout DecodedEvent
    ) {
        guard input.record.payload != nil else {
            if let key = input.record.key { event.deviceID = event.keep(key) }
            return
        }
        guard isJSON else {
            event.notices.append(
                DecoderNotice(
                    rule: .schemaUnsupported, path: "header:content-type", expected: "application/cloudevents+json",
                    actual: input.description(of: .contentType)))
            if let key = input.record.key { event.deviceID = event.keep(key) }
            return CloudEventContent.leave(asJSON: false, &event)
        }
        guard let document, document.kind(document.root) == .object else {
            if let key = input.record.key { event.deviceID = event.keep(key) }
            guard let document else { return }
            let isBatch = document.kind(document.root) == .array
            event.kind = isBatch ? .unsupported : .undecodable
            event.notices.append(
                DecoderNotice(
                    rule: isBatch ? .schemaUnsupported : .envelopeInvalid, path: "", byteOffset: document.offset(document.root),
                    expected: "an object with one event", actual: isBatch ? "a batch of events" : document.kind(document.root).description))
            return
        }
        let attributes = CloudEventAttributes(of: document)
        attributes.keep(in: &event, of: document, ingestTime: input.record.ingestTime)
        guard attributes.isComplete(in: document, &event) else { return CloudEventContent.leave(asJSON: true, &event) }
        attributes.decodeData(in: document, &embedded, into: &event)
    }

    // MARK: - Both

    /// A digital twin's model id (DTDL v2 §"Digital Twin Model identifier"), or a URN as older templates have them.
    static func isModelID(_ text: RawSpan) -> Bool { text.starts(with: "dtmi:") || text.starts(with: "urn:") }

    /// An event is named by its source together with its id (CloudEvents §3.1.1); a source holds no space.
    static func keepMessageID(_ source: RawSpan, _ id: RawSpan, _ event: inout DecodedEvent) {
        guard source.byteCount > 0, id.byteCount > 0 else { return }
        var name: [UInt8] = []
        name.reserveCapacity(source.byteCount + 1 + id.byteCount)
        source.append(to: &name)
        name.append(0x20)
        id.append(to: &name)
        event.messageID = event.keep(name.rawBytes)
    }

    static func holdVersion(_ version: String, path: String, offset: Int = 0, _ event: inout DecodedEvent) {
        event.notices.append(DecoderNotice(rule: .schemaUnsupported, path: path, byteOffset: offset, expected: "1.0", actual: version))
    }
}
