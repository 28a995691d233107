package import JSON

/// Turns a record's bytes into index columns. Total: whatever the bytes are, there is an event; nothing is dropped and nothing throws.
///
/// Holds the reader's tape, so one decoder serves one thread and allocates nothing per record once warm.
package struct EventDecoder: Sendable {
    /// Which decoder made an event's index columns. Raised whenever any record would be decoded differently.
    package static let version: Int16 = 3

    private var reader = JSONReader()
    private var embedded = EmbeddedDocument()
    private var isEmbedded = false

    /// Starts with an empty tape.
    package init() {}

    /// Decodes one record into `event`, whose last content is forgotten.
    package mutating func decode(_ record: borrowing RecordView, settings: SourceSettings, into event: inout DecodedEvent) {
        event.reset()
        let input = DecoderInput(copy record, topic: settings.topic)
        if let payload = record.payload {
            do throws(JSONSyntaxError) {
                try reader.read(payload)
                event.hasDocument = true
            } catch {
                event.syntaxError = error
            }
        } else {
            event.kind = .tombstone
        }
        event.contentType = input.keep(.contentType, &event)
        event.contentEncoding = input.keep(.contentEncoding, &event)
        event.messageID = input.keep(.messageID, &event)
        // A reference to the tape, not a copy: the document must not depend on this value while an embedded one is read.
        let reader = reader
        let isKnown =
            if event.hasDocument, let payload = record.payload {
                Self.decode(input, reader.document(over: payload), settings.envelope, &embedded, &event)
            } else {
                Self.decode(input, nil, settings.envelope, &embedded, &event)
            }
        isEmbedded = event.embeddedOffset != nil
        if !isKnown { Self.nameDevice(input, &event) }
        if !settings.tenant.isEmpty { event.tenant = event.keep(settings.tenant.rawBytes) }
        event.isTimeImplausible = event.serviceTime.map { !EventTime.isPlausible($0, brokerTime: record.brokerTime) } ?? false
        event.eventTime = EventTime.choose(
            service: event.serviceTime, isPlausible: !event.isTimeImplausible, broker: record.brokerTime, ingest: record.ingestTime)
    }

    /// Offers the record to the formats, those first that headers mark without doubt.
    private static func decode(
        _ input: borrowing DecoderInput, _ document: JSONDocument?, _ choice: EnvelopeChoice, _ embedded: inout EmbeddedDocument,
        _ event: inout DecodedEvent
    ) -> Bool {
        if choice.admits(.iotHub), IoTHubEnvelope.decode(input, document, into: &event) { return true }
        if choice.admits(.cloudEvents), CloudEventsEnvelope.decodeBackfill(input, document, into: &event) { return true }
        if choice.admits(.cloudEvents), CloudEventsEnvelope.decode(input, document, &embedded, into: &event) { return true }
        if choice.admits(.hono), HonoEnvelope.decode(input, document, into: &event) { return true }
        if choice.admits(.iotCentral), IoTCentralExport.decode(input, document, into: &event) { return true }
        return choice.admits(.raw) && RawEnvelope.decode(input, document, into: &event)
    }

    /// The document that the nodes of the event belong to which `decode` made last, over the same payload; only while the event's `hasDocument` says so.
    /// It is the payload's, or that of the message which the payload holds encoded.
    @_lifetime(borrow self, copy payload)
    package func document(over payload: RawSpan) -> JSONDocument {
        if isEmbedded { return embedded.document }
        return reader.document(over: payload)
    }

    /// Where no format matched, the device comes from IoT Central's header, else from the record key, else it is unknown.
    private static func nameDevice(_ input: borrowing DecoderInput, _ event: inout DecodedEvent) {
        event.tenant = input.keep(.iotCentralApplicationID, &event)
        event.deviceID = input.keep(.iotCentralDeviceID, &event)
        if event.deviceID.isEmpty, let key = input.record.key { event.deviceID = event.keep(key) }
    }
}
