package import Diagnostics
package import Postgres

/// What the log's own rows say about times: of batches, of topics, of a tenant's last event.
package enum LogTimes {
    /// A batch by its first event time.
    package struct Batch: Equatable, Sendable {
        /// The earliest event time in it.
        package let first: Timestamp
        /// Its offsets.
        package let offsets: Range<Int64>
    }

    /// The batches of a source among some offsets that hold an event before a time, those with the earliest event first.
    package static func batches(
        source: Int32, offsets: Range<Int64>, before time: Timestamp, on connection: inout Connection
    ) throws(PostgresError) -> [Batch] {
        try connection.query(SelectEarlyBatches(source: source, offsets: offsets, before: time))
    }

    /// A batch by where it stands and from when to when it reaches.
    package struct Span: Equatable, Sendable {
        /// Its source.
        package let source: Int32
        /// The first offset behind it.
        package let nextOffset: Int64
        /// The earliest event time in it.
        package let first: Timestamp
        /// The latest.
        package let last: Timestamp
    }

    /// The batches of some topics' partitions that were added since.
    ///
    /// - Parameter next: per source, the first offset that counts; all of a source that is not there.
    package static func batches(
        topics: Set<String>, from next: [Int32: Int64], on connection: inout Connection
    ) throws(PostgresError) -> [Span] {
        try connection.query(SelectSpans(topics: topics.sorted(), next: next))
    }

    /// Whether the broker holds records of some topics that the log has not read yet.
    package static func isBehind(topics: Set<String>, on connection: inout Connection) throws(PostgresError) -> Bool {
        try connection.queryOne(SelectIsBehind(topics: topics.sorted())) ?? false
    }

    /// Whether retention has dropped a segment that held events of a time.
    ///
    /// - Parameter to: the first instant after; nil for no end.
    package static func isDropped(from: Timestamp, to: Timestamp?, on connection: inout Connection) throws(PostgresError) -> Bool {
        try connection.queryOne(SelectIsDropped(from: from, to: to)) ?? false
    }

    /// The earliest event time of what the log still holds; nil where it holds nothing.
    package static func firstEvent(on connection: inout Connection) throws(PostgresError) -> Timestamp? {
        try connection.queryOne(SelectFirstEvent())
    }

    /// The last event time in the sources that may hold a tenant's events; nil where there is none.
    package static func lastEvent(tenant: String, on connection: inout Connection) throws(PostgresError) -> Timestamp? {
        try connection.queryOne(SelectLastEvent(tenant: tenant)) ?? nil
    }
}

private struct SelectEarlyBatches: Statement {
    let source: Int32
    let offsets: Range<Int64>
    let before: Timestamp

    static let sql = """
        SELECT b.min_event_time, greatest(b.first_offset, $2), least(b.last_offset + 1, $3) FROM hindcast.ingest_batch b
        WHERE b.source_id = $1 AND b.first_offset < $3 AND b.last_offset >= $2 AND b.min_event_time < $4 ORDER BY b.min_event_time
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(offsets.lowerBound)
        parameters.append(offsets.upperBound)
        parameters.append(PostgresTimestamp(before))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> LogTimes.Batch {
        LogTimes.Batch(first: Timestamp(try row.timestamp(0)), offsets: try row.int64(1)..<(try row.int64(2)))
    }
}

/// Not private, so that a test can look at its plan.
struct SelectSpans: Statement {
    let topics: [String]
    let next: [Int32: Int64]

    // OFFSET 0: the batches of each source are looked up by their key from its offset on, however few rows the planner believes there are.
    static let sql = """
        SELECT s.source_id, b.last_offset + 1, b.min_event_time, b.max_event_time FROM hindcast.source s
        LEFT JOIN unnest($2::int4[], $3::int8[]) AS k (source_id, next_offset) ON k.source_id = s.source_id
        CROSS JOIN LATERAL (
            SELECT i.last_offset, i.min_event_time, i.max_event_time FROM hindcast.ingest_batch i
            WHERE i.source_id = s.source_id AND i.first_offset >= coalesce(k.next_offset, 0) ORDER BY i.first_offset OFFSET 0) b
        WHERE s.topic = ANY ($1) AND s.kind = 'kafka'
        """

    func bind(to parameters: inout Parameters) {
        let known = next.sorted { $0.key < $1.key }
        parameters.append(topics)
        parameters.append(known.map(\.key))
        parameters.append(known.map(\.value))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> LogTimes.Span {
        LogTimes.Span(
            source: try row.int32(0), nextOffset: try row.int64(1), first: Timestamp(try row.timestamp(2)), last: Timestamp(try row.timestamp(3)))
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

private struct SelectIsDropped: Statement {
    let from: Timestamp
    let to: Timestamp?

    static let sql = """
        SELECT EXISTS (
            SELECT FROM hindcast.segment s JOIN hindcast.ingest_batch b USING (segment)
            WHERE s.dropped_at IS NOT NULL AND b.max_event_time >= $1 AND ($2::timestamptz IS NULL OR b.min_event_time < $2))
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(PostgresTimestamp(from))
        parameters.append(to.map { PostgresTimestamp($0) })
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}

private struct SelectLastEvent: Statement {
    let tenant: String

    static let sql = """
        SELECT max(c.last_event_time) FROM hindcast.source_cursor c JOIN hindcast.source s USING (source_id) WHERE s.tenant IN ('', $1)
        """

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Timestamp? { try row.timestampOrNil(0).map { Timestamp($0) } }
}

private struct SelectFirstEvent: Statement {
    static let sql = """
        SELECT min(b.min_event_time) FROM hindcast.ingest_batch b JOIN hindcast.segment s USING (segment) WHERE s.dropped_at IS NULL HAVING count(*) > 0
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Timestamp { Timestamp(try row.timestamp(0)) }
}
