package import Diagnostics
package import Postgres

extension LogRanges {
    /// The offsets of a source that may hold events of a time, out of the rows of its batches: what lies outside holds none. Neighbours are one range, cut
    /// where it gets long. What retention dropped is left out.
    ///
    /// A batch that holds events of the time by a later decoder than the one that logged it is among them, where `hindcast log reindex` has said so.
    ///
    /// - Parameters:
    ///   - times: from the first instant to before the last.
    ///   - without: batches are left out of which all events are of these times.
    ///   - limit: the most offsets of a range.
    package static func overlapping(
        source: Int32, offsets: Range<Int64>, times: Range<Timestamp>, without: Range<Timestamp>? = nil, limit: Int64 = 20_000,
        on connection: inout Connection
    ) throws(PostgresError) -> [Range<Int64>] {
        guard !offsets.isEmpty, !times.isEmpty else { return [] }
        var ranges: [Range<Int64>] = []
        let batches = SelectOverlapping(source: source, offsets: offsets, times: times, without: without)
        try connection.forEach(batches) { (batch: Range<Int64>) throws(PostgresError) in
            if let last = ranges.last, last.upperBound == batch.lowerBound, Int64(last.count) + Int64(batch.count) <= limit {
                ranges[ranges.count - 1] = last.lowerBound..<batch.upperBound
            } else {
                ranges.append(batch)
            }
        }
        return ranges
    }
}

private struct SelectOverlapping: Statement {
    let source: Int32
    let offsets: Range<Int64>
    let times: Range<Timestamp>
    let without: Range<Timestamp>?

    static let sql = """
        SELECT greatest(b.first_offset, $2), least(b.last_offset + 1, $3)
        FROM hindcast.ingest_batch b JOIN hindcast.segment s USING (segment)
        WHERE b.source_id = $1 AND b.first_offset < $3 AND b.last_offset >= $2 AND s.dropped_at IS NULL
            AND b.first_offset >= coalesce((SELECT max(p.first_offset) FROM hindcast.ingest_batch p WHERE p.source_id = $1 AND p.first_offset <= $2), 0)
            AND (b.min_event_time < $5 AND b.max_event_time >= $4 OR EXISTS (
                SELECT FROM hindcast.event_reindex r
                WHERE r.segment = b.segment AND r.source_id = b.source_id AND r.source_offset BETWEEN b.first_offset AND b.last_offset
                    AND r.event_time >= $4 AND r.event_time < $5))
            AND ($6::timestamptz IS NULL OR b.min_event_time < $6 OR b.max_event_time >= $7 OR EXISTS (
                SELECT FROM hindcast.event_reindex r
                WHERE r.segment = b.segment AND r.source_id = b.source_id AND r.source_offset BETWEEN b.first_offset AND b.last_offset))
        ORDER BY b.first_offset
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(offsets.lowerBound)
        parameters.append(offsets.upperBound)
        parameters.append(PostgresTimestamp(times.lowerBound))
        parameters.append(PostgresTimestamp(times.upperBound))
        parameters.append((without?.lowerBound).map { PostgresTimestamp($0) })
        parameters.append((without?.upperBound).map { PostgresTimestamp($0) })
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Range<Int64> { try row.int64(0)..<(try row.int64(1)) }
}
