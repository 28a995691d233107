import Postgres

/// Who keeps the snapshot: one row, on the database's clock.
struct SnapshotLease: Sendable {
    /// Unique among processes.
    let owner: String
    let duration: Duration

    /// Runs the body in a transaction that takes or prolongs the lease first; nil where it is somebody else's. The row stays locked to the end, so that two
    /// never write at once, and one that lost the lease writes nothing.
    func withTransaction<T>(
        on connection: inout Connection, _ body: (inout Connection) throws(PostgresError) -> T
    ) throws(PostgresError) -> T? {
        try connection.withTransaction { (connection: inout Connection) throws(PostgresError) -> T? in
            guard try connection.execute(TakeSnapshotLease(lease: self)) == 1 else { return nil }
            return try body(&connection)
        }
    }

    /// Gives it back, where it is ours.
    func release(on connection: inout Connection) throws(PostgresError) {
        try connection.execute(ReleaseSnapshotLease(owner: owner))
    }
}

private struct TakeSnapshotLease: Statement {
    let lease: SnapshotLease

    static let sql = """
        UPDATE hindcast.fleet_snapshot_lease SET owner = $1, lease_until = clock_timestamp() + make_interval(secs => $2)
        WHERE owner = $1 OR lease_until < clock_timestamp()
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(lease.owner)
        parameters.append(lease.duration.seconds)
    }
}

private struct ReleaseSnapshotLease: Statement {
    let owner: String

    static let sql = "UPDATE hindcast.fleet_snapshot_lease SET owner = NULL, lease_until = '-infinity' WHERE owner = $1"

    func bind(to parameters: inout Parameters) { parameters.append(owner) }
}
