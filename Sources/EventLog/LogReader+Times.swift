package import Diagnostics
package import Postgres

extension LogReader {
    /// Hands out the events of a range of offsets that may be of some kinds and of a time, in order, by binary COPY per segment.
    ///
    /// What this program's decoder logged is chosen by the log's index; what an older one logged is handed out whatever the index says, since the caller may
    /// read it otherwise.
    ///
    /// - Parameters:
    ///   - range: offsets below what a checkpoint has passed, so that no more come in between.
    ///   - times: from the first instant to before the last.
    /// - Returns: how many were handed out.
    package func copy(
        source: Int32, range: Range<Int64>, kinds: [EventKind], times: Range<Timestamp>, on connection: inout Connection,
        _ body: (borrowing LoggedEvent) -> Void
    ) throws(PostgresError) -> Int {
        var count = 0
        for segment in try segments(of: range, source: source, on: &connection) {
            let events = CopyOut(
                query: Self.eventsOfTimes,
                [
                    .integer(Int64(segment)), .integer(Int64(source)), .integer(range.lowerBound), .integer(range.upperBound),
                    .integer(Int64(EventDecoder.version)), .integers(kinds.map { Int32($0.rawValue) }),
                    .timestamp(PostgresTimestamp(times.lowerBound)), .timestamp(PostgresTimestamp(times.upperBound)),
                ])
            try connection.copyOut(events) { (row: borrowing RowView) throws(PostgresError) in
                count += 1
                _ = try Self.lend(row, to: body)
            }
        }
        return count
    }

    private static let eventsOfTimes: StaticString = """
        SELECT source_offset, device_key, decoder, timestamp_type, broker_time, ingest_time, key, headers, payload FROM hindcast.event
        WHERE segment = $1 AND source_id = $2 AND source_offset >= $3 AND source_offset < $4
            AND (decoder <> $5 OR kind = ANY ($6) AND event_time >= $7 AND event_time < $8)
        ORDER BY source_offset
        """
}
