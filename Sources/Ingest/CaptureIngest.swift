package import Diagnostics
import EventLog
import Hashing
import JSON
package import Logging
package import Postgres
import Threading

/// Appends a capture file as a source of its own, exactly once.
///
/// The source is named by the SHA-256 of the content, or as asked; its offsets are line numbers, from 1. The file is read twice: first to check every line,
/// so that a bad one changes nothing; then to append what the log does not hold yet. So a run that was cut off goes on where it ended, a second run appends
/// nothing, and a named file that has grown is continued.
package struct CaptureIngest {
    /// What a run did.
    package struct Result: Equatable, Sendable {
        package let source: Int32
        /// The source's name: what was asked for, or the SHA-256 of the content.
        package let name: String
        /// Lines that hold a record.
        package let lines: Int64
        /// Lines that this run appended.
        package let appended: Int64
    }

    private let settings: SourceSettings
    private let batchRows: Int
    private let owner: String

    /// A run with settings for the source; batches hold `batchRows` records at most.
    package init(settings: SourceSettings, owner: String, batchRows: Int = 5000) {
        self.settings = settings
        self.owner = owner
        self.batchRows = batchRows
    }

    /// Runs on the calling thread.
    ///
    /// - Parameter name: the source's name; nil for the content's SHA-256.
    package func run(path: String, name: String?, postgres: PostgresSettings, logger: Logger) throws(IngestError) -> Result {
        let (lines, sha256) = try check(path)
        let name = name ?? sha256.hex
        let connection: Connection
        let claim: SourceClaim
        do throws(PostgresError) {
            var opened = try Connection(postgres, logger: logger)
            let identity = SourceIdentity(kind: .capture, cluster: "", topic: name, partition: 0)
            let source = try LogSources.open(identity, settings: settings, on: &opened)
            claim = try SourceClaim.take(source: source, owner: owner, on: &opened)
            connection = opened
        } catch {
            throw IngestError(error)
        }
        var run = CaptureRun(path: path, name: name, settings: settings, batchRows: batchRows, claim: claim, connection: connection)
        let appended = try run.append()
        return Result(source: claim.source, name: name, lines: lines, appended: appended)
    }

    /// Every line is a record, and what the content hashes to.
    private func check(_ path: String) throws(IngestError) -> (lines: Int64, sha256: SHA256Digest) {
        var file = try CaptureFile(path: path)
        var reader = JSONReader()
        var hash = SHA256()
        var lines: Int64 = 0
        while let line = try file.next() {
            hash.update(line)
            hash.update(UInt8(0x0A))
            if line.isEmpty { continue }
            lines += 1
            do throws(CaptureLineError) {
                _ = try CaptureLine(line.rawBytes, reader: &reader)
            } catch {
                throw IngestError(.capture, "\(path):\(file.lineNumber): \(error.description). Nothing was appended.")
            }
        }
        return (lines, hash.finish())
    }
}
