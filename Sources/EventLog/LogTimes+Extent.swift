package import Diagnostics
package import Postgres

extension LogTimes {
    /// From when to when the events of a source reach, by its batches, so that an hour may reach further into one than its events do.
    package struct Extent: Sendable {
        /// The latest event time before the first offset that was asked from; nil where nothing stands before it.
        package let lastBefore: Timestamp?
        /// The latest event time; nil where there are no events.
        package let last: Timestamp?
        /// Times of which some events are among the offsets that were left out, or are dropped by retention.
        package let incomplete: [Range<Timestamp>]
        /// Whether a later decoder understands some events otherwise than the one that logged them.
        package let isReindexed: Bool
    }

    /// What the batches of a source say of its events' times.
    ///
    /// - Parameters:
    ///   - first: the offset from which on is asked.
    ///   - next: the first offset that does not count.
    ///   - except: offsets that are left out.
    package static func extent(
        source: Int32, from first: Int64, before next: Int64, except: Range<Int64>?, on connection: inout Connection
    ) throws(PostgresError) -> Extent? {
        try connection.queryOne(SelectExtent(source: source, first: first, next: next, except: except ?? 0..<0))
    }
}

private struct SelectExtent: Statement {
    let source: Int32
    let first: Int64
    let next: Int64
    let except: Range<Int64>

    static let sql = """
        SELECT max(b.max_event_time) FILTER (WHERE b.first_offset < $2), max(b.max_event_time),
            min(b.min_event_time) FILTER (WHERE b.first_offset < $5 AND b.last_offset >= $4),
            max(b.max_event_time) FILTER (WHERE b.first_offset < $5 AND b.last_offset >= $4),
            min(b.min_event_time) FILTER (WHERE s.dropped_at IS NOT NULL), max(b.max_event_time) FILTER (WHERE s.dropped_at IS NOT NULL),
            EXISTS (SELECT FROM hindcast.event_reindex r WHERE r.source_id = $1)
        FROM hindcast.ingest_batch b JOIN hindcast.segment s USING (segment) WHERE b.source_id = $1 AND b.first_offset < $3
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(first)
        parameters.append(next)
        parameters.append(except.lowerBound)
        parameters.append(except.upperBound)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> LogTimes.Extent {
        var incomplete: [Range<Timestamp>] = []
        if let from = try row.timestampOrNil(2), let to = try row.timestampOrNil(3) { incomplete.append(after(from, to)) }
        if let from = try row.timestampOrNil(4), let to = try row.timestampOrNil(5) { incomplete.append(after(from, to)) }
        return LogTimes.Extent(
            lastBefore: try row.timestampOrNil(0).map { Timestamp($0) }, last: try row.timestampOrNil(1).map { Timestamp($0) },
            incomplete: incomplete, isReindexed: try row.bool(6))
    }

    private static func after(_ from: PostgresTimestamp, _ to: PostgresTimestamp) -> Range<Timestamp> {
        Timestamp(from)..<Timestamp(microseconds: Timestamp(to).microseconds + 1)
    }
}
