package import Diagnostics
package import Postgres

extension LogReader {
    /// Hands out at most `limit` events of a source that stand before an offset, the last one first. What retention dropped, and all before it, is not there.
    ///
    /// - Returns: the offset before which events are still to be read, 0 where there are none, and how many were handed out.
    package func readBackward(
        source: Int32, before offset: Int64, limit: Int, on connection: inout Connection, _ body: (borrowing LoggedEvent) -> Void
    ) throws(PostgresError) -> LogRead {
        var before = offset
        var count = 0
        while count < limit {
            guard let batch = try connection.queryOne(SelectBatchBefore(source: source, offset: before)), !batch.isDropped else {
                return LogRead(reached: 0, count: count)
            }
            let wanted = limit - count
            var seen = 0
            var first = before
            let events = SelectEventsBefore(source: source, segment: batch.segment, before: before, limit: Int64(wanted))
            try connection.forEachRow(events) { (row: borrowing RowView) throws(PostgresError) in
                seen += 1
                first = try Self.lend(row, to: body)
            }
            count += seen
            // The segment holds no more of this source before what was seen.
            before = seen > 0 ? first : batch.firstOffset
        }
        return LogRead(reached: before, count: count)
    }

    /// The first offset of a source at or after which every event of a time, or a later one, stands; nil where it has none.
    package func firstOffset(of source: Int32, since time: Timestamp, on connection: inout Connection) throws(PostgresError) -> Int64? {
        try connection.queryOne(SelectFirstOffsetSince(source: source, time: time)) ?? nil
    }
}

/// The last batch that begins before an offset.
private struct SelectBatchBefore: Statement {
    struct Row: Sendable {
        let segment: Int16
        let firstOffset: Int64
        let isDropped: Bool
    }

    let source: Int32
    let offset: Int64

    static let sql = """
        SELECT b.segment, b.first_offset, s.dropped_at IS NOT NULL FROM hindcast.ingest_batch b JOIN hindcast.segment s USING (segment)
        WHERE b.source_id = $1 AND b.first_offset < $2 ORDER BY b.first_offset DESC LIMIT 1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(offset)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(segment: try row.int16(0), firstOffset: try row.int64(1), isDropped: try row.bool(2))
    }
}

private struct SelectEventsBefore: Statement {
    let source: Int32
    let segment: Int16
    let before: Int64
    let limit: Int64

    static let sql = """
        SELECT source_offset, device_key, decoder, timestamp_type, broker_time, ingest_time, key, headers, payload
        FROM hindcast.event WHERE segment = $2 AND source_id = $1 AND source_offset < $3 ORDER BY source_offset DESC LIMIT $4
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(segment)
        parameters.append(before)
        parameters.append(limit)
    }
}

private struct SelectFirstOffsetSince: Statement {
    let source: Int32
    let time: Timestamp

    static let sql = "SELECT min(first_offset) FROM hindcast.ingest_batch WHERE source_id = $1 AND max_event_time >= $2"

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(PostgresTimestamp(time))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64? { try row.int64OrNil(0) }
}
