import Diagnostics
import EventLog
import JSON
import Postgres
import Threading

/// Appends what the log does not hold yet of one capture.
struct CaptureRun: ~Copyable {
    private let path: String
    private let name: String
    private let settings: SourceSettings
    private let batchRows: Int
    private var claim: SourceClaim
    private var connection: Connection
    private var batch: EventBatch
    private var origins = CaptureOriginRuns()
    private var devices = DeviceDictionary()
    private var segments = LogSegments()
    private var decoder = EventDecoder()
    private var event = DecodedEvent()
    private let appender = LogAppender()

    init(path: String, name: String, settings: SourceSettings, batchRows: Int, claim: SourceClaim, connection: consuming Connection) {
        self.path = path
        self.name = name
        self.settings = settings
        self.batchRows = batchRows
        self.claim = claim
        self.connection = connection
        batch = EventBatch(source: claim.source)
    }

    /// Reads the file from its start, compares its last stored line with the log, and appends the lines after it.
    mutating func append() throws(IngestError) -> Int64 {
        var file = try CaptureFile(path: path)
        var reader = JSONReader()
        var appended: Int64 = 0
        let last = claim.nextOffset - 1
        while let bytes = try file.next() {
            if bytes.isEmpty || file.lineNumber < last { continue }
            let line: CaptureLine
            do throws(CaptureLineError) {
                line = try CaptureLine(bytes.rawBytes, reader: &reader)
            } catch {
                throw IngestError(.capture, "\(path):\(file.lineNumber): \(error.description). The file changed while it was read.")
            }
            if file.lineNumber == last {
                try compare(line, number: file.lineNumber)
                continue
            }
            add(line, number: file.lineNumber)
            appended += 1
            if batch.count >= batchRows || batch.byteCount >= 4 << 20 { try flush() }
        }
        try flush()
        do throws(PostgresError) {
            try LogSignal.send(on: &connection)
            try claim.release(on: &connection)
        } catch {
            throw IngestError(error)
        }
        return appended
    }

    private mutating func add(_ line: CaptureLine, number: Int64) {
        if batch.count == 0 { batch.begin(after: claim, at: Timestamp(microseconds: WallClock.microseconds())) }
        let record = RecordView(
            key: line.key?.rawBytes, headers: line.headers.rawBytes, payload: line.payload?.rawBytes, brokerTime: line.brokerTime,
            ingestTime: batch.ingestTime)
        decoder.decode(record, settings: settings, into: &event)
        batch.append(record, event: event, offset: number, timestampType: line.timestampType, devices: &devices)
        origins.append(line.origin, line: number)
    }

    /// A name that was used for another file must not be continued with this one.
    private mutating func compare(_ line: CaptureLine, number: Int64) throws(IngestError) {
        var isSame = true
        do throws(PostgresError) {
            _ = try LogReader().read(source: claim.source, at: number, on: &connection) { stored in
                isSame = line.isSame(as: stored.record)
            }
        } catch {
            throw IngestError(error)
        }
        if !isSame {
            throw IngestError(
                .capture,
                "\(path):\(number): the capture \"\(name)\" is in the log as source \(claim.source) with another record at this line, so it is another file. Choose another --name. Nothing was appended."
            )
        }
    }

    private mutating func flush() throws(IngestError) {
        guard batch.count > 0 else { return }
        do throws(AppendError) {
            do throws(PostgresError) {
                try segments.ensure(batch.ingestTime.day, on: &connection)
                try origins.store(source: claim.source, on: &connection)
            } catch {
                throw AppendError(error)
            }
            try appender.append(&batch, claim: &claim, endOffset: nil, devices: &devices, on: &connection)
        } catch {
            let advice = "Run the same command again: it goes on after line \(claim.nextOffset - 1)."
            throw IngestError(error.code == .fenced ? .fenced : .postgres, "\(error) \(advice)")
        }
        batch.removeAll()
    }
}

extension CaptureLine {
    /// Whether the log holds this very record: key, headers, value and the broker's time.
    func isSame(as record: borrowing RecordView) -> Bool {
        RecordCopy(key: key, headers: headers, payload: payload, brokerTime: brokerTime).isSame(as: record)
    }
}
