package import Diagnostics
import EventLog
import JSON

/// The records of a capture file, one after the other, without a log or a broker.
package struct CaptureRecords: ~Copyable {
    private let path: String
    private var file: CaptureFile
    private var reader = JSONReader()

    /// Opens a capture: one JSON object a line, as `kcat -J` prints them.
    ///
    /// - Throws: ``IngestError`` with the code `capture` where the file cannot be read.
    package init(path: String) throws(IngestError) {
        self.path = path
        file = try CaptureFile(path: path)
    }

    /// Lends every record with the number of its line, from 1. Empty lines are passed over.
    ///
    /// - Parameter ingestTime: what stands for the time of ingest, which a capture does not have.
    /// - Throws: ``IngestError`` with file and line where a line is no record, or the file cannot be read.
    package mutating func forEach(ingestTime: Timestamp, _ body: (borrowing RecordView, Int64) -> Void) throws(IngestError) {
        while let bytes = try file.next() {
            if bytes.isEmpty { continue }
            let line: CaptureLine
            do throws(CaptureLineError) {
                line = try CaptureLine(bytes.rawBytes, reader: &reader)
            } catch {
                throw IngestError(.capture, "\(path):\(file.lineNumber): \(error.description).")
            }
            let record = RecordView(
                key: line.key?.rawBytes, headers: line.headers.rawBytes, payload: line.payload?.rawBytes, brokerTime: line.brokerTime,
                ingestTime: ingestTime)
            body(record, file.lineNumber)
        }
    }
}
