import Catalog
import Postgres
import Projections

extension ReplayRuns {
    /// Drops what a run that was given up has made: its candidate, its partial rows, its draft. Safe to do again.
    static func clear(_ run: ReplayRun, on connection: inout Connection) throws(ReplayError) {
        try dropPartials(run, on: &connection)
        try dropGeneration(run.generation, on: &connection)
        try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                try connection.execute(DeleteRunRows(run: run.id))
                try TemplateDrafts.forget(run.versionKey, on: &connection)
            }
        }
    }

    /// Drops the rows that chunks left behind, once they are folded or given up.
    static func dropPartials(_ run: ReplayRun, on connection: inout Connection) throws(ReplayError) {
        for table in try tables(on: &connection) { try retried(DropReplayTable(table: table, number: run.id), on: &connection) }
    }

    /// Drops a generation's tables, epochs and checkpoints.
    static func dropGeneration(_ generation: Int32, on connection: inout Connection) throws(ReplayError) {
        // First the checkpoints: a worker that holds one finds its fence closed instead of a table gone.
        try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                try Checkpoints.delete(generation: generation, on: &connection)
                try Epochs.delete(generation: generation, on: &connection)
            }
        }
        for table in try tables(on: &connection) { try retried(DropGenerationTable(table: table, number: generation), on: &connection) }
    }

    /// The tables that a generation is a partition of.
    private static func tables(on connection: inout Connection) throws(ReplayError) -> [String] {
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in try connection.query(SelectGenerationTables()) }
    }

    /// Tries again while somebody reads: the server gives up waiting after an instant, so that no reader queues behind the drop for longer.
    private static func retried(_ statement: some Statement, on connection: inout Connection) throws(ReplayError) {
        let deadline = ContinuousClock.now + .seconds(60)
        var failures = 0
        while true {
            do throws(PostgresError) {
                try connection.execute(statement)
                return
            } catch {
                guard error.sqlState == .lockNotAvailable, ContinuousClock.now < deadline else { throw ReplayError(error) }
                failures += 1
                _ = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                    try connection.waitForNotification(timeout: Backoff().delay(afterFailures: min(failures, 3), random: 0.5))
                }
            }
        }
    }
}

private struct DropReplayTable: Statement {
    let table: String
    let number: Int32

    static let sql = "SELECT hindcast.drop_replay_table($1, $2)"

    func bind(to parameters: inout Parameters) {
        parameters.append(table)
        parameters.append(number)
    }
}

private struct DropGenerationTable: Statement {
    let table: String
    let number: Int32

    static let sql = "SELECT hindcast.drop_generation_table($1, $2)"

    func bind(to parameters: inout Parameters) {
        parameters.append(table)
        parameters.append(number)
    }
}

private struct SelectGenerationTables: Statement {
    static let sql = "SELECT unnest(hindcast.generation_tables())"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

/// What a run that was given up has left in tables of all runs; the run itself stays, to say that it was there.
private struct DeleteRunRows: Statement {
    let run: Int32

    static let sql = """
        WITH device AS (DELETE FROM hindcast.replay_device WHERE run_id = $1), chunk AS (DELETE FROM hindcast.replay_chunk WHERE run_id = $1),
        change_day AS (DELETE FROM hindcast.replay_change_day WHERE run_id = $1)
        DELETE FROM hindcast.replay_change WHERE run_id = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(run) }
}
