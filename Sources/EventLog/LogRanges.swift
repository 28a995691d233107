package import Diagnostics
package import Postgres

/// A stretch of a source's offsets and how many events it holds.
package struct LogRange: Equatable, Sendable {
    package let offsets: Range<Int64>
    package let events: Int64

    package init(offsets: Range<Int64>, events: Int64) {
        self.offsets = offsets
        self.events = events
    }
}

/// What the log holds of a source, by offsets and by times, out of the rows of its batches alone.
package enum LogRanges {
    /// Cuts a source's offsets into stretches of about so many events each, as evenly as its batches allow. What retention dropped is left out.
    package static func cut(
        source: Int32, range: Range<Int64>, events: Int64, on connection: inout Connection
    ) throws(PostgresError) -> [LogRange] {
        guard !range.isEmpty else { return [] }
        return try connection.query(SelectRanges(source: source, range: range, events: events)).flatMap { $0.split(events) }
    }

    /// How many events of a source retention has dropped.
    package static func dropped(source: Int32, on connection: inout Connection) throws(PostgresError) -> Int64 {
        try connection.queryOne(CountDropped(source: source)) ?? 0
    }

    /// The first offset of the first batch with an event at a time or later; nil where there is none.
    package static func firstOffset(source: Int32, from time: Timestamp, on connection: inout Connection) throws(PostgresError) -> Int64? {
        try connection.queryOne(SelectFirstOffset(source: source, time: time))
    }
}

extension LogRange {
    /// The same stretch in pieces of equal length, where one batch alone is larger than a piece should be.
    fileprivate func split(_ limit: Int64) -> [LogRange] {
        let pieces = min((events + limit - 1) / limit, Int64(offsets.count))
        guard pieces > 1 else { return [self] }
        let length = Int64(offsets.count)
        return (0..<pieces).map { piece in
            let lower = offsets.lowerBound + length * piece / pieces
            let upper = offsets.lowerBound + length * (piece + 1) / pieces
            return LogRange(offsets: lower..<upper, events: events * (piece + 1) / pieces - events * piece / pieces)
        }
    }
}

private struct SelectRanges: Statement {
    let source: Int32
    let range: Range<Int64>
    let events: Int64

    // The first and the last batch may lie only partly within the range; their events are counted whole.
    static let sql = """
        SELECT greatest(min(b.first_offset), $2), least(max(b.last_offset) + 1, $3), sum(b.n)::bigint
        FROM (
            SELECT i.first_offset, i.last_offset, i.n, (sum(i.n) OVER (ORDER BY i.first_offset) - i.n) / $4 AS part
            FROM hindcast.ingest_batch i JOIN hindcast.segment s USING (segment)
            WHERE i.source_id = $1 AND i.first_offset < $3 AND i.last_offset >= $2 AND s.dropped_at IS NULL) b
        GROUP BY b.part ORDER BY 1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(range.lowerBound)
        parameters.append(range.upperBound)
        parameters.append(events)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> LogRange {
        LogRange(offsets: try row.int64(0)..<(try row.int64(1)), events: try row.int64(2))
    }
}

private struct CountDropped: Statement {
    let source: Int32

    static let sql = """
        SELECT coalesce(sum(b.n), 0)::bigint FROM hindcast.ingest_batch b JOIN hindcast.segment s USING (segment)
        WHERE b.source_id = $1 AND s.dropped_at IS NOT NULL
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct SelectFirstOffset: Statement {
    let source: Int32
    let time: Timestamp

    static let sql = "SELECT min(first_offset) FROM hindcast.ingest_batch WHERE source_id = $1 AND max_event_time >= $2 HAVING count(*) > 0"

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(PostgresTimestamp(time))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
