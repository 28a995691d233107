package import Diagnostics
import EventLog
package import Postgres

/// Why nobody can go on with a run that is loading: every chunk that is not done is held by a worker elsewhere, who may be gone.
package struct ReplayHold: Equatable, Sendable {
    /// Who holds the chunk that is free first.
    package let owner: String
    /// When that one is free, if its worker does not finish it before.
    package let until: Timestamp

    /// Creates a hold.
    package init(owner: String, until: Timestamp) {
        self.owner = owner
        self.until = until
    }

    /// Reads it.
    ///
    /// - Parameter instance: what the names of one's own workers begin with.
    /// - Returns: nil where there is something to do, or one's own workers are at it.
    package static func read(run: Int32, besides instance: String, on connection: inout Connection) throws(ReplayError) -> ReplayHold? {
        let rows = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try connection.query(SelectHold(run: run, instance: instance))
        }
        return rows.first
    }
}

private struct SelectHold: Statement {
    let run: Int32
    let instance: String

    static let sql = """
        SELECT coalesce((array_agg(c.owner ORDER BY c.lease_until))[1], ''), min(c.lease_until)
        FROM hindcast.replay_chunk c JOIN hindcast.replay_run r USING (run_id)
        WHERE c.run_id = $1 AND c.done_at IS NULL AND r.state = 'loading'
        HAVING bool_and(c.lease_until > clock_timestamp() AND NOT starts_with(coalesce(c.owner, ''), $2))
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(instance)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ReplayHold {
        ReplayHold(owner: try row.string(0), until: Timestamp(try row.timestamp(1)))
    }
}
