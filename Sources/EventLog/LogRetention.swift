import Diagnostics
package import Postgres

/// Drops whole days from the log, once every read model has taken them in.
package enum LogRetention {
    /// A day that can be dropped, or why it cannot.
    package struct Candidate: Equatable, Sendable {
        package let segment: Int16
        /// Read models that have not come past it, as `projection (generation) in source`; empty when it can go.
        package let blockedBy: [String]
    }

    /// The days before `keepFrom` that still have a leaf.
    package static func candidates(before keepFrom: Int16, on connection: inout Connection) throws(PostgresError) -> [Candidate] {
        try connection.query(SelectDroppable(before: keepFrom))
    }

    /// Drops a day and says which offsets it held; they are recorded as holes.
    ///
    /// Run it inside a transaction together with the control event. Takes an exclusive lock on the log for an instant, and gives up after two seconds of waiting.
    package static func drop(_ segment: Int16, on connection: inout Connection) throws(PostgresError) -> [LogHole] {
        try connection.query(DropSegment(segment: segment))
    }
}

private struct SelectDroppable: Statement {
    let before: Int16

    // A source that no read model knows yet blocks as well: its checkpoint would start at 0.
    static let sql = """
        SELECT s.segment, coalesce((
            SELECT array_agg(DISTINCT coalesce(p.projection || ' (generation ' || p.generation || ')', 'no read model yet') || ' in source ' || b.source_id)
            FROM (SELECT source_id, max(last_offset) AS last_offset FROM hindcast.ingest_batch WHERE segment = s.segment GROUP BY source_id) b
            LEFT JOIN hindcast.projection_checkpoint p USING (source_id)
            WHERE p.next_offset IS NULL OR p.next_offset <= b.last_offset), '{}')
        FROM hindcast.segment s WHERE s.segment < $1 AND s.dropped_at IS NULL ORDER BY s.segment
        """

    func bind(to parameters: inout Parameters) { parameters.append(before) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> LogRetention.Candidate {
        LogRetention.Candidate(segment: try row.int16(0), blockedBy: try row.array(1, of: String.self))
    }
}

private struct DropSegment: Statement {
    let segment: Int16

    static let sql = "SELECT source_id, first_offset, last_offset, clock_timestamp() FROM hindcast.drop_segment($1)"

    func bind(to parameters: inout Parameters) { parameters.append(segment) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> LogHole {
        LogHole(
            source: try row.int32(0), firstOffset: try row.int64(1), lastOffset: try row.int64(2), reason: .retention,
            recordedAt: Timestamp(try row.timestamp(3)))
    }
}
