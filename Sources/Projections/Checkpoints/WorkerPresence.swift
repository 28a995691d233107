import Postgres

/// Who is there to share the sources: a row per worker, good for as long as a lease.
enum WorkerPresence {
    /// Says that a worker is there, forgets those that are long gone, and says how many are there.
    static func renew(_ worker: String, lease: Duration, on connection: inout Connection) throws(PostgresError) -> Int {
        try connection.execute(UpsertWorker(worker: worker, lease: lease))
        return Int(try connection.queryOne(CountWorkers()) ?? 1)
    }

    /// Says that a worker has gone.
    static func end(_ worker: String, on connection: inout Connection) throws(PostgresError) {
        try connection.execute(DeleteWorker(worker: worker))
    }
}

private struct UpsertWorker: Statement {
    let worker: String
    let lease: Duration

    // Somebody else may be deleting the same old row; then it is passed over.
    static let sql = """
        WITH gone AS (
            DELETE FROM hindcast.projection_worker WHERE worker IN (
                SELECT worker FROM hindcast.projection_worker WHERE alive_until < clock_timestamp() - interval '1 minute' FOR UPDATE SKIP LOCKED))
        INSERT INTO hindcast.projection_worker (worker, alive_until) VALUES ($1, clock_timestamp() + make_interval(secs => $2))
        ON CONFLICT (worker) DO UPDATE SET alive_until = excluded.alive_until
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(worker)
        parameters.append(lease.seconds)
    }
}

private struct CountWorkers: Statement {
    static let sql = "SELECT count(*) FROM hindcast.projection_worker WHERE alive_until >= clock_timestamp()"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct DeleteWorker: Statement {
    let worker: String

    static let sql = "DELETE FROM hindcast.projection_worker WHERE worker = $1"

    func bind(to parameters: inout Parameters) { parameters.append(worker) }
}
