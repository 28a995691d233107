import Diagnostics
import EventLog
import Postgres

/// When topics that an export itself feeds brought nothing for longer than they usually do: the only trace in the log of what such an export leaves out.
enum SourceSilences {
    /// The silences of some topics together: an export that is well brings something on any of their partitions.
    ///
    /// - Parameters:
    ///   - limit: from how many microseconds on a silence counts; or ten times the usual distance between batches, where that is longer.
    ///   - asOf: until when a silence that lasts is written.
    static func of(topics: Set<String>, limit: Int64, asOf: Timestamp, on connection: inout Connection) throws(PostgresError) -> [Range<Timestamp>] {
        var batches: [(first: Timestamp, last: Timestamp)] = []
        for batch in try connection.query(SelectBatchTimes(topics: topics.sorted())) { batches.append(batch) }
        guard let first = batches.first, batches.count > 1 else { return [] }
        var last = first.last
        var distances: Int64 = 0
        var quiet: [(from: Timestamp, to: Timestamp)] = []
        for batch in batches.dropFirst() {
            if batch.first > last {
                distances += batch.first.microseconds - last.microseconds
                if batch.first.microseconds - last.microseconds > limit { quiet.append((last, batch.first)) }
            }
            last = max(last, batch.last)
        }
        let usual = distances / Int64(batches.count - 1)
        let threshold = max(limit, usual * 10)
        var silences = quiet.filter { $0.to.microseconds - $0.from.microseconds > threshold }.map { $0.from..<$0.to }
        // What the log has not read yet is no silence.
        let isBehind = try connection.queryOne(SelectIsBehind(topics: topics.sorted())) ?? false
        if !isBehind, asOf.microseconds - last.microseconds > threshold { silences.append(last..<asOf) }
        return silences
    }
}

private struct SelectBatchTimes: Statement {
    let topics: [String]

    static let sql = """
        SELECT b.min_event_time, b.max_event_time FROM hindcast.ingest_batch b JOIN hindcast.source s USING (source_id)
        WHERE s.topic = ANY ($1) AND s.kind = 'kafka' ORDER BY b.min_event_time
        """

    func bind(to parameters: inout Parameters) { parameters.append(topics) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (first: Timestamp, last: Timestamp) {
        (Timestamp(try row.timestamp(0)), Timestamp(try row.timestamp(1)))
    }
}

private struct SelectIsBehind: Statement {
    let topics: [String]

    static let sql = """
        SELECT coalesce(bool_or(c.end_offset > c.next_offset), false) FROM hindcast.source s JOIN hindcast.source_cursor c USING (source_id)
        WHERE s.topic = ANY ($1) AND s.ended_at IS NULL
        """

    func bind(to parameters: inout Parameters) { parameters.append(topics) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}
