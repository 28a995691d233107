import Diagnostics
import Exports
import Ingest
import JSON
import Threading

/// A destination that was captured: the records of its topic in a file, one a line, as `kcat -J` prints them.
struct DestinationCapture: ~Copyable, DestinationReading {
    private let path: String
    private let stop: StopSignal?
    private var count: Int64?

    /// Takes the file's path; it is opened when it is read.
    init(path: String, stop: StopSignal? = nil) {
        self.path = path
        self.stop = stop
    }

    /// Reads every line once, so that a wrong one is found before anything is compared.
    mutating func estimate() throws(ExportJobError) -> Int64 {
        var count: Int64 = 0
        try walk { _ in
            count += 1
            return true
        }
        self.count = count
        return count
    }

    mutating func read(_ body: (borrowing RecordView) -> Void) throws(ExportJobError) {
        let now = Clock.now
        // A file that grows is read as far as it was counted.
        var rest: Int64
        if let count { rest = count } else { rest = try estimate() }
        try walk { record in
            guard rest > 0 else { return false }
            rest -= 1
            body(
                RecordView(
                    key: record.key?.rawBytes, headers: record.headers.rawBytes, payload: record.payload?.rawBytes, brokerTime: record.brokerTime,
                    ingestTime: now))
            return true
        }
    }

    // MARK: -

    /// Hands out the records until the body has had enough.
    private func walk(_ body: (CaptureRecord) -> Bool) throws(ExportJobError) {
        do throws(IngestError) {
            var reader = try CaptureReader(path: path)
            guard FileBytes.isRegular(path) else {
                throw IngestError(.capture, "The capture \(path) is no regular file, expected one, since it is read more than once.")
            }
            while let record = try reader.next() {
                if stop?.isRequested == true { break }
                if !body(record) { return }
            }
        } catch {
            throw ExportJobError(.requestInvalid, "\(error.description) Nothing was kept.")
        }
        if stop?.isRequested == true { throw ExportJobError(.interrupted, "Interrupted; nothing was kept.") }
    }
}
