import Diagnostics
import Postgres

/// Which process looks for gaps: one row, on the database's clock.
struct GapLease: Sendable {
    /// Unique among processes.
    let owner: String
    let duration: Duration
    /// The epoch of this holding; another one means that somebody else held the lease in between.
    private(set) var epoch: Int64 = -1

    init(owner: String, duration: Duration) {
        self.owner = owner
        self.duration = duration
    }

    /// Takes or prolongs the lease at the beginning of a pass; false where it is somebody else's.
    mutating func take(on connection: inout Connection) throws(PostgresError) -> Bool {
        guard let epoch = try connection.queryOne(TakeGapLease(lease: self)) else { return false }
        self.epoch = epoch
        return true
    }

    /// Runs the body in a transaction that prolongs the lease first; nil where it is not the one that was taken. The row stays locked to the end, so that two
    /// never write at once, and what was read under a lease that was lost since is not written.
    func withTransaction<T>(
        on connection: inout Connection, _ body: (inout Connection) throws(PostgresError) -> T
    ) throws(PostgresError) -> T? {
        try connection.withTransaction { (connection: inout Connection) throws(PostgresError) -> T? in
            guard try connection.queryOne(TakeGapLease(lease: self)) == epoch else { return nil }
            return try body(&connection)
        }
    }

    /// Gives it back, where it is ours.
    func release(on connection: inout Connection) throws(PostgresError) {
        try connection.execute(ReleaseGapLease(owner: owner))
    }
}

private struct TakeGapLease: Statement {
    let lease: GapLease

    static let sql = """
        UPDATE hindcast.export_gap_lease
        SET owner_epoch = owner_epoch + CASE WHEN owner = $1 THEN 0 ELSE 1 END, owner = $1, lease_until = clock_timestamp() + make_interval(secs => $2)
        WHERE owner = $1 OR lease_until < clock_timestamp()
        RETURNING owner_epoch
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(lease.owner)
        parameters.append(Double(lease.duration.components.seconds) + Double(lease.duration.components.attoseconds) / 1e18)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct ReleaseGapLease: Statement {
    let owner: String

    static let sql = "UPDATE hindcast.export_gap_lease SET owner = NULL, lease_until = '-infinity' WHERE owner = $1"

    func bind(to parameters: inout Parameters) { parameters.append(owner) }
}
