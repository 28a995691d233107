import Logging
package import Postgres

/// The counts over the whole fleet, which are too dear to make whenever somebody looks: one process at a time makes them anew.
package enum FleetSnapshot {
    /// Makes the counts anew if this process is the one to do it; false where another one is.
    ///
    /// The lease's row stays locked until the counts are stored, so two never make them at once; a process that is gone is replaced when its lease ends.
    ///
    /// - Parameter owner: unique among processes.
    @discardableResult
    package static func refresh(owner: String, lease: Duration, on connection: inout Connection) throws(PostgresError) -> Bool {
        try connection.withTransaction { (connection: inout Connection) throws(PostgresError) in
            guard try connection.execute(TakeSnapshotLease(owner: owner, lease: lease)) == 1 else { return false }
            try connection.execute(RefreshFleetSnapshot())
            return true
        }
    }

    /// Gives the lease back, where it is ours.
    static func release(owner: String, on connection: inout Connection) throws(PostgresError) {
        try connection.execute(ReleaseSnapshotLease(owner: owner))
    }
}

private struct TakeSnapshotLease: Statement {
    let owner: String
    let lease: Duration

    static let sql = """
        UPDATE hindcast.fleet_snapshot_lease SET owner = $1, lease_until = clock_timestamp() + make_interval(secs => $2)
        WHERE owner = $1 OR lease_until < clock_timestamp()
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(owner)
        parameters.append(lease.seconds)
    }
}

private struct ReleaseSnapshotLease: Statement {
    let owner: String

    static let sql = "UPDATE hindcast.fleet_snapshot_lease SET owner = NULL, lease_until = '-infinity' WHERE owner = $1"

    func bind(to parameters: inout Parameters) { parameters.append(owner) }
}

private struct RefreshFleetSnapshot: Statement {
    // 1. Count. 2. Forget tenants without devices. 3. Store the others. All from one snapshot of the tables, whose time is `as_of`.
    static let sql = """
        WITH counted AS MATERIALIZED (
            SELECT tenant, count(*) AS devices,
                count(*) FILTER (WHERE health = 'healthy') AS healthy, count(*) FILTER (WHERE health = 'degraded') AS degraded,
                count(*) FILTER (WHERE health = 'failing') AS failing, count(*) FILTER (WHERE health = 'silent') AS silent,
                count(*) FILTER (WHERE health = 'blocked') AS blocked, count(*) FILTER (WHERE health = 'unassigned') AS unassigned,
                count(*) FILTER (WHERE health = 'unknown') AS unknown,
                sum(messages_24h)::bigint AS messages_24h, sum(failed_messages_24h)::bigint AS failed_messages_24h
            FROM diagnostics.device_health GROUP BY tenant),
        gone AS (
            DELETE FROM hindcast.fleet_snapshot s WHERE NOT EXISTS (SELECT FROM counted c WHERE c.tenant = s.tenant))
        INSERT INTO hindcast.fleet_snapshot (
            tenant, as_of, devices, healthy, degraded, failing, silent, blocked, unassigned, unknown, messages_24h, failed_messages_24h)
        SELECT tenant, statement_timestamp(), devices, healthy, degraded, failing, silent, blocked, unassigned, unknown, messages_24h, failed_messages_24h
        FROM counted
        ON CONFLICT (tenant) DO UPDATE SET
            as_of = excluded.as_of, devices = excluded.devices, healthy = excluded.healthy, degraded = excluded.degraded, failing = excluded.failing,
            silent = excluded.silent, blocked = excluded.blocked, unassigned = excluded.unassigned, unknown = excluded.unknown,
            messages_24h = excluded.messages_24h, failed_messages_24h = excluded.failed_messages_24h
        """
}
