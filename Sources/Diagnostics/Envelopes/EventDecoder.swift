package import JSON

/// Turns a record's bytes into index columns. Total: whatever the bytes are, there is an event; nothing is dropped and nothing throws.
///
/// Holds the reader's tape, so one decoder serves one thread and allocates nothing per record once warm.
package struct EventDecoder: Sendable {
    /// Which decoder made an event's index columns. Raised whenever any record would be decoded differently.
    package static let version: Int16 = 1

    private var reader: JSONReader

    /// Starts with an empty tape.
    package init() { reader = JSONReader() }

    /// Decodes one record into `event`, whose last content is forgotten.
    package mutating func decode(_ record: borrowing RecordView, settings: SourceSettings, into event: inout DecodedEvent) {
        event.reset()
        var serviceTime: Timestamp?
        if let payload = record.payload {
            do throws(JSONSyntaxError) {
                try reader.read(payload)
                event.hasDocument = true
            } catch {
                event.syntaxError = error
            }
            if event.hasDocument, settings.envelope.admits(.iotCentral) {
                _ = IoTCentralExport.decode(reader.document(over: payload), into: &event, serviceTime: &serviceTime)
            }
        } else {
            event.kind = .tombstone
        }
        if event.envelope == .none { nameDevice(record, &event) }
        if !settings.tenant.isEmpty { event.tenant = event.keep(settings.tenant.rawBytes) }
        event.eventTime = Self.plausible(serviceTime, brokerTime: record.brokerTime, ingestTime: record.ingestTime)
    }

    /// The document that `decode` read last, over the same payload; only while the event's `hasDocument` says so.
    @_lifetime(borrow self, copy payload)
    package func document(over payload: RawSpan) -> JSONDocument { reader.document(over: payload) }

    /// Where the payload tells nothing, the device comes from the export's header, else from the record key, else it is unknown.
    private func nameDevice(_ record: borrowing RecordView, _ event: inout DecodedEvent) {
        event.tenant = Self.header("iotcentral-application-id", in: record.headers, &event)
        event.deviceID = Self.header("iotcentral-device-id", in: record.headers, &event)
        if event.deviceID.isEmpty, let key = record.key { event.deviceID = event.keep(key) }
    }

    private static func header(_ name: StaticString, in headers: RawSpan, _ event: inout DecodedEvent) -> DecodedEvent.Field {
        guard let range = HeaderReader.value(named: name, in: headers) else { return DecodedEvent.Field() }
        let value = headers.extracting(range)
        return event.keep(value.extracting(HeaderText.range(in: value)))
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
