import Diagnostics
import Postgres

/// How many records of a tenant the log has taken in, by its sources' cursors.
struct SelectIngested: Statement {
    let tenant: String

    static let sql = "SELECT coalesce(sum(next_offset), 0)::bigint FROM diagnostics.ingest_progress WHERE tenant = $1"

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

/// Whether every projection of a tenant's sources is where the log is, and the time of the answer.
struct SelectProjected: Statement {
    let tenant: String

    struct Row {
        let isDone: Bool
        let pausedReason: String?
        let at: Timestamp
    }

    static let sql = """
        SELECT coalesce(bool_and(p.done), true), max(p.failure), clock_timestamp()
        FROM diagnostics.ingest_progress i
        LEFT JOIN LATERAL (
            SELECT count(*) > 0 AND bool_and(next_offset >= i.next_offset) AS done, max(failure) FILTER (WHERE state = 'paused') AS failure
            FROM diagnostics.projection_progress WHERE source_id = i.source_id) p ON true
        WHERE i.tenant = $1 AND i.next_offset > 0
        """

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(isDone: try row.bool(0), pausedReason: try row.stringOrNil(1), at: Timestamp(microseconds: try row.timestamp(2).rawValue))
    }
}

/// Counts a tenant's rows of `diagnostics.raw_events`.
struct CountEvents: Statement {
    let tenant: String

    static let sql = "SELECT count(*) FROM diagnostics.raw_events WHERE tenant = $1"

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
