import Diagnostics
import EventLog
import Hashing
import Postgres

/// The digest of what the log holds of one source, from its rows alone.
struct LoggedDigest {
    private(set) var sums = LaneSums()
    /// Bytes of keys, headers in the log's layout, and values.
    private(set) var bytes: Int64 = 0
    private(set) var lastOffset: Int64 = -1

    /// Reads a source from its beginning to its cursor.
    static func read(source: Int32, on connection: inout Connection) throws(PostgresError) -> LoggedDigest {
        var digest = LoggedDigest()
        var hasher = SHA256()
        var next: Int64 = 0
        while true {
            let read = try LogReader().read(source: source, from: next, limit: 20_000, on: &connection) { event in
                digest.add(event, &hasher)
            }
            if read.reached == next { return digest }
            next = read.reached
        }
    }

    private mutating func add(_ event: borrowing LoggedEvent, _ hasher: inout SHA256) {
        let record = event.record
        bytes += Int64((record.key?.byteCount ?? 0) + record.headers.byteCount + (record.payload?.byteCount ?? 0))
        lastOffset = event.offset
        let content = RecordHash.content(
            key: record.key, headers: record.headers, value: record.payload, microseconds: record.brokerTime?.microseconds, with: &hasher)
        sums.add(RecordHash.placed(content, at: event.offset, with: &hasher))
    }
}
