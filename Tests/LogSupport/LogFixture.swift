package import Diagnostics
package import EventLog
import JSON
package import Postgres
import TestSupport

/// A record for a test: what a producer would send.
package struct SampleRecord: Equatable, Sendable {
    package var key: [UInt8]?
    package var headers: [(String, [UInt8]?)]
    package var payload: [UInt8]?
    package var brokerTime: Timestamp?

    package init(key: [UInt8]? = nil, headers: [(String, [UInt8]?)] = [], payload: [UInt8]?, brokerTime: Timestamp? = nil) {
        self.key = key
        self.headers = headers
        self.payload = payload
        self.brokerTime = brokerTime
    }

    /// A telemetry message of IoT Central's `default@v1`.
    package static func telemetry(device: String, _ body: String, template: String? = nil, at time: Timestamp = .sample) -> SampleRecord {
        let templateID = template.map { "\"templateId\":\"\($0)\"," } ?? ""
        let text = """
            {"applicationId":"app","messageSource":"telemetry","deviceId":"\(device)",\(templateID)"schema":"default@v1",\
            "enqueuedTime":"\(time.rfc3339)","telemetry":\(body),"enrichments":{}}
            """
        return SampleRecord(key: Array(device.utf8), payload: Array(text.utf8), brokerTime: time)
    }

    /// The headers in the log's layout.
    package var headerBytes: [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in headers {
            if let value {
                HeaderBytes.append(name: name.rawBytes, value: value.rawBytes, to: &bytes)
            } else {
                HeaderBytes.append(name: name.rawBytes, value: nil, to: &bytes)
            }
        }
        return bytes
    }

    package static func == (a: SampleRecord, b: SampleRecord) -> Bool {
        a.key == b.key && a.headerBytes == b.headerBytes && a.payload == b.payload && a.brokerTime == b.brokerTime
    }
}

extension Timestamp {
    /// 2026-11-23T12:00:00Z, the day on which the tests' events happen.
    package static let sample = Timestamp(microseconds: 1_795_435_200_000_000)
}

/// A source in a test's database, and the writer of its log.
package struct LogFixture: ~Copyable {
    package var connection: Connection
    package var claim: SourceClaim
    package var devices = DeviceDictionary()
    private var segments = LogSegments()
    private let settings: SourceSettings
    private let appender: LogAppender
    private let rule: ChainRule

    /// Opens and claims a source, as the ingest role.
    package init(
        topic: String = "telemetry", partition: Int32 = 0, settings: SourceSettings = SourceSettings(), fence: AppendFence = AppendFence(),
        rule: ChainRule = ChainRule()
    ) throws(PostgresError) {
        self.rule = rule
        self.settings = settings
        appender = LogAppender(fence: fence)
        var opened = try TestDatabase.connect(role: "hindcast_ingest")
        let identity = SourceIdentity(kind: .kafka, cluster: "test", topic: topic, partition: partition)
        let source = try LogSources.open(identity, settings: settings, on: &opened)
        claim = try SourceClaim.take(source: source, owner: "test", on: &opened)
        connection = opened
    }

    /// A batch of records at consecutive offsets.
    ///
    /// - Parameter past: the version of a decoder that is past, and the settings with which today's understands as much as it did.
    package mutating func batch(
        _ records: [SampleRecord], from offset: Int64? = nil, at time: Timestamp = .sample, past: (decoder: Int16, settings: SourceSettings)? = nil
    ) -> EventBatch {
        var batch = EventBatch(source: claim.source, rule: rule, decoder: past?.decoder ?? EventDecoder.version)
        var decoder = EventDecoder()
        var event = DecodedEvent()
        batch.begin(after: claim, at: time)
        var next = offset ?? claim.nextOffset
        for sample in records {
            let headers = sample.headerBytes
            let record = RecordView(
                key: sample.key?.rawBytes, headers: headers.rawBytes, payload: sample.payload?.rawBytes, brokerTime: sample.brokerTime,
                ingestTime: batch.ingestTime)
            decoder.decode(record, settings: past?.settings ?? settings, into: &event)
            batch.append(record, event: event, offset: next, timestampType: sample.brokerTime == nil ? .notAvailable : .create, devices: &devices)
            next += 1
        }
        return batch
    }

    /// Appends records as one batch.
    package mutating func append(_ records: [SampleRecord], from offset: Int64? = nil, at time: Timestamp = .sample) throws(AppendError) {
        var batch = batch(records, from: offset, at: time)
        try append(&batch)
    }

    /// Appends records as version 1 of the decoder did, which knew IoT Central's export and nothing else.
    package mutating func appendAsFirstDecoder(_ records: [SampleRecord], at time: Timestamp = .sample) throws(AppendError) {
        var batch = batch(records, at: time, past: (1, SourceSettings(envelope: .iotCentral)))
        try append(&batch)
    }

    /// Appends a batch that was made before.
    package mutating func append(_ batch: inout EventBatch) throws(AppendError) {
        do throws(PostgresError) {
            try segments.ensure(batch.ingestTime.day, on: &connection)
        } catch {
            throw AppendError(error)
        }
        try appender.append(&batch, claim: &claim, endOffset: nil, devices: &devices, on: &connection)
    }

    /// Records a hole.
    package mutating func skip(to offset: Int64) throws(AppendError) {
        try appender.skip(&claim, to: offset, reason: .lost, on: &connection)
    }

    /// Moves the cursor over offsets that hold nothing.
    package mutating func advance(to offset: Int64) throws(AppendError) {
        try appender.advance(&claim, to: offset, endOffset: offset, on: &connection)
    }
}

/// One event read back, in memory of its own.
package struct ReadEvent: Equatable, Sendable {
    package let offset: Int64
    package let key: [UInt8]?
    package let headers: [UInt8]
    package let payload: [UInt8]?
    package let brokerTime: Timestamp?

    package init(_ event: borrowing LoggedEvent) {
        offset = event.offset
        key = Self.bytes(event.record.key)
        headers = Self.bytes(event.record.headers) ?? []
        payload = Self.bytes(event.record.payload)
        brokerTime = event.record.brokerTime
    }

    private static func bytes(_ span: RawSpan?) -> [UInt8]? {
        guard let span else { return nil }
        var bytes: [UInt8] = []
        span.append(to: &bytes)
        return bytes
    }

    /// Every event of a source, in pages.
    package static func all(of source: Int32, page: Int = 100, on connection: inout Connection) throws(PostgresError) -> [ReadEvent] {
        var events: [ReadEvent] = []
        var from: Int64 = 0
        while true {
            let read = try LogReader().read(source: source, from: from, limit: page, on: &connection) { events.append(ReadEvent($0)) }
            if read.count == 0 { return events }
            from = read.reached
        }
    }
}
