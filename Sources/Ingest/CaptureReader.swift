package import Diagnostics
import EventLog
import JSON

/// Reads a capture record by record in bounded memory, for who wants its records and not the log.
package struct CaptureReader: ~Copyable {
    private let path: String
    private var file: CaptureFile
    private var reader = JSONReader()

    /// Opens a capture.
    ///
    /// - Throws: ``IngestError/Code/capture`` where it cannot be read.
    package init(path: String) throws(IngestError) {
        self.path = path
        file = try CaptureFile(path: path)
    }

    /// The next record; nil at the end. Empty lines hold none.
    ///
    /// - Throws: ``IngestError/Code/capture`` where a line is no record, naming the line.
    package mutating func next() throws(IngestError) -> CaptureRecord? {
        while let bytes = try file.next() {
            if bytes.isEmpty { continue }
            do throws(CaptureLineError) {
                let line = try CaptureLine(bytes.rawBytes, reader: &reader)
                return CaptureRecord(
                    line: file.lineNumber, offset: line.origin.offset, key: line.key, headers: line.headers, payload: line.payload,
                    brokerTime: line.brokerTime)
            } catch {
                throw IngestError(.capture, "\(path):\(file.lineNumber): \(error.description).")
            }
        }
        return nil
    }
}

/// One record of a capture.
package struct CaptureRecord: Sendable {
    /// The line's number, from 1: its offset in the log, were the capture appended there.
    package let line: Int64
    /// The offset that the record says it had in its partition.
    package let offset: Int64
    /// The key; nil for a null key.
    package let key: [UInt8]?
    /// The headers in the layout of `HeaderBytes`.
    package let headers: [UInt8]
    /// The value; nil for a null value.
    package let payload: [UInt8]?
    /// The broker's time, where the record has one.
    package let brokerTime: Timestamp?
}
