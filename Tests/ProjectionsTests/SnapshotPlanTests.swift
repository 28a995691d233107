import Postgres
import TestSupport
import Testing

@testable import Projections

/// How many rows the transaction has read so far, of all tables of ours.
private struct CountRowsRead: Statement {
    static let sql = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_all_tables WHERE schemaname = 'hindcast'"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

@Suite(.database) struct SnapshotPlanTests {
    /// Before the first statistics, and with them: a plan that walks the devices up to this one is as long as the fleet.
    @Test func `what is said about the last of many devices is derived without reading the others`() throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.device (tenant, device_id) SELECT 'app', 'dev-' || g FROM generate_series(1, 5000) g;
                INSERT INTO hindcast.device_state (source_id, device_key, first_seen, last_seen, messages, bytes, telemetry, repeated, expired)
                SELECT 1, device_key, now(), now(), 1, 1, 0, 0, 0 FROM hindcast.device;
                INSERT INTO hindcast.device_life SELECT 1, device_key, now(), now(), 1, 1, 'g' FROM hindcast.device;
                INSERT INTO hindcast.device_property (latest_time, latest_offset, latest_changed, name_hash, source_id, device_key, section, module, component, name)
                SELECT now(), 1, now(), 1, 1, device_key, 1, '', '', 'a' FROM hindcast.device;
                INSERT INTO hindcast.finding SELECT 1, 1, 1, now(), 1, now(), 1, 0, 0, 1, 1, device_key, 0, 0, 3, '', '', '/a', 'json-invalid', '', '', '', '', NULL
                    FROM hindcast.device;
                SELECT hindcast.refresh_device_snapshot(1, ARRAY(SELECT device_key FROM hindcast.device))
                """)
        for preparation in ["SELECT", "ANALYZE"] {
            try superuser.execute(script: preparation)
            var connection = try TestDatabase.connect(role: "hindcast_project")
            let read = try connection.withTransaction { (connection: inout Connection) throws(PostgresError) -> Int64? in
                try connection.execute(DeriveDevices(generation: 1, devices: [5_000]))
                return try connection.queryOne(CountRowsRead())
            }
            #expect(read.map { $0 > 0 && $0 < 500 } == true, "\(preparation): \(read ?? 0) rows")
        }
    }
}
