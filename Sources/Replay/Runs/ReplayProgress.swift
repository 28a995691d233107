package import Postgres

/// How far a run has come.
package struct ReplayProgress: Equatable, Sendable {
    package let chunks: Int64
    package let chunksDone: Int64
    /// Events of all chunks; of those that are not done as planned.
    package let events: Int64
    package let eventsDone: Int64

    /// Reads it.
    package static func read(run: Int32, on connection: inout Connection) throws(ReplayError) -> ReplayProgress {
        let progress = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try connection.queryOne(SelectRunProgress(run: run))
        }
        return progress ?? ReplayProgress(chunks: 0, chunksDone: 0, events: 0, eventsDone: 0)
    }
}

private struct SelectRunProgress: Statement {
    let run: Int32

    static let sql = """
        SELECT count(*), count(done_at), coalesce(sum(events), 0)::bigint, coalesce(sum(events) FILTER (WHERE done_at IS NOT NULL), 0)::bigint
        FROM hindcast.replay_chunk WHERE run_id = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(run) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ReplayProgress {
        ReplayProgress(chunks: try row.int64(0), chunksDone: try row.int64(1), events: try row.int64(2), eventsDone: try row.int64(3))
    }
}
