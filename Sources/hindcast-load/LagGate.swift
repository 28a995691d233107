import EventLog
import Kafka
import Postgres

/// Holds a sender back until the log has come near: the embedded broker drops what nobody fetched in time.
struct LagGate: ~Copyable {
    /// Records between two looks at the log.
    static let stride = 500

    private let topic: String
    private let limit: Int64
    private var connection: Connection
    private var sent: [Int32: (records: Int64, bytes: Int64)] = [:]

    /// A gate that lets a partition be ahead of the log by so many bytes.
    init(topic: String, limitBytes: Int64, connection: consuming Connection) {
        self.topic = topic
        limit = limitBytes
        self.connection = connection
    }

    /// Notes a record that was sent.
    mutating func note(_ record: borrowing LoadRecord) {
        let old = sent[record.partition] ?? (0, 0)
        sent[record.partition] = (old.records + 1, old.bytes + Int64(record.byteCount))
    }

    /// Whether some partition is too far ahead. Its records count with their mean size.
    mutating func isClosed() throws(PostgresError) -> Bool {
        var logged: [Int32: Int64] = [:]
        for source in try LogSources.all(on: &connection) where source.topic == topic && !source.isEnded {
            logged[source.partition] = source.nextOffset
        }
        return sent.contains { partition, sent in
            (sent.records - (logged[partition] ?? 0)) * sent.bytes > limit * sent.records
        }
    }
}
