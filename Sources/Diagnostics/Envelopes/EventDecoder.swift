package import JSON

/// Turns a record's bytes into index columns. Total: whatever the bytes are, there is an event; nothing is dropped and nothing throws.
///
/// Holds the reader's tape, so one decoder serves one thread and allocates nothing per record once warm.
package struct EventDecoder: Sendable {
    /// Which decoder made an event's index columns. Raised whenever any record would be decoded differently.
    package static let version: Int16 = 2

    private var reader: JSONReader

    /// Starts with an empty tape.
    package init() { reader = JSONReader() }

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
        let isKnown =
            if event.hasDocument, let payload = record.payload {
                Self.decode(input, reader.document(over: payload), settings.envelope, &event)
            } else {
                Self.decode(input, nil, settings.envelope, &event)
            }
        if !isKnown { Self.nameDevice(input, &event) }
        if !settings.tenant.isEmpty { event.tenant = event.keep(settings.tenant.rawBytes) }
        event.eventTime = Self.plausible(event.serviceTime, brokerTime: record.brokerTime, ingestTime: record.ingestTime)
    }

    /// Offers the record to the formats, those first that headers mark without doubt.
    private static func decode(
        _ input: borrowing DecoderInput, _ document: JSONDocument?, _ choice: EnvelopeChoice, _ event: inout DecodedEvent
    ) -> Bool {
        if choice.admits(.iotHub), IoTHubEnvelope.decode(input, document, into: &event) { return true }
        if choice.admits(.cloudEvents), CloudEventsEnvelope.decode(input, document, into: &event) { return true }
        if choice.admits(.hono), HonoEnvelope.decode(input, document, into: &event) { return true }
        if choice.admits(.iotCentral), IoTCentralExport.decode(input, document, into: &event) { return true }
        return choice.admits(.raw) && RawEnvelope.decode(input, document, into: &event)
    }

    /// The document that `decode` read last, over the same payload; only while the event's `hasDocument` says so.
    @_lifetime(borrow self, copy payload)
    package func document(over payload: RawSpan) -> JSONDocument { reader.document(over: payload) }

    /// Where no format matched, the device comes from IoT Central's header, else from the record key, else it is unknown.
    private static func nameDevice(_ input: borrowing DecoderInput, _ event: inout DecodedEvent) {
        event.tenant = input.keep(.iotCentralApplicationID, &event)
        event.deviceID = input.keep(.iotCentralDeviceID, &event)
        if event.deviceID.isEmpty, let key = input.record.key { event.deviceID = event.keep(key) }
    }

    /// The service's time when it agrees with the broker's: at most 30 days before it (an export may retry for long) and one day after (clocks).
    ///
    /// A record without a broker's time, as in a capture, is held against the time of ingest from above only, because a capture may be of any age. So is
    /// the broker's time itself, which a producer may have chosen: hours and days far from now have no place in tables.
    private static func plausible(_ serviceTime: Timestamp?, brokerTime: Timestamp?, ingestTime: Timestamp) -> Timestamp {
        let day = Timestamp.microsecondsPerDay
        let last = Timestamp(microseconds: min(ingestTime, .latest).microseconds + day)
        let reference = brokerTime.flatMap { $0.microseconds < 0 || $0 > last ? nil : $0 }
        guard let serviceTime else { return reference ?? ingestTime }
        if let reference {
            let distance = serviceTime.microseconds - reference.microseconds
            return distance < -30 * day || distance > day ? reference : serviceTime
        }
        let millennium = Timestamp(startOfDay: 0)
        return serviceTime < millennium || serviceTime > last ? ingestTime : serviceTime
    }
}
