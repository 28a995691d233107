import Diagnostics
import LogSupport
import Postgres
import TestSupport
import Testing

@testable import Projections

/// Shows how a statement would be run, in a worker's session.
private struct Explain<Explained: Statement>: Statement {
    let statement: Explained

    static var sql: String { "EXPLAIN (COSTS OFF) \(Explained.sql)" }

    func bind(to parameters: inout Parameters) { statement.bind(to: &parameters) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

/// What a dashboard asks for when somebody looks at one device.
private struct ExplainOneDevice: Statement {
    static let sql = "EXPLAIN (COSTS OFF) SELECT * FROM diagnostics.validation_findings WHERE tenant = 'app' AND device_id = 'dev-77'"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct ExplainOneDevicesProperties: Statement {
    static let sql = "EXPLAIN (COSTS OFF) SELECT * FROM diagnostics.device_properties WHERE tenant = 'app' AND device_id = 'dev-77'"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct ExplainOneDevicesErrors: Statement {
    static let sql = "EXPLAIN (COSTS OFF) SELECT * FROM diagnostics.device_errors WHERE tenant = 'app' AND device_id = 'dev-77'"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

@Suite(.database) struct QueryPlanTests {
    private let hours = Timestamp.sample.hour...Timestamp.sample.hour

    private func plan(_ statement: some Statement) throws -> String {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        try connection.execute(script: DeltaTable.sessionScript)
        return try connection.query(Explain(statement: statement)).joined(separator: "\n")
    }

    /// Two days of data, and no statistics, as on the first day of a new database.
    private func fill() throws {
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 51)
        try log.append(fleet.records(200))
        var projector = try worker()
        try projector.turnUntilIdle()
    }

    /// Where the planner has no statistics, or stale ones, the beginning of a key looks as good as all of it.
    @Test func `every row is looked up by its whole primary key, whatever the planner guesses`() throws {
        try fill()
        let plans = [
            (try plan(MergeDeviceStates(source: 1)), "(device_key = s.device_key)"),
            (try plan(MergeDeviceHours(source: 1, hours: hours)), "(device_key = s.device_key)"),
            (try plan(MergeFindings(generation: 1, source: 1)), "(rule = s.rule)"),
            (try plan(MergeFindingHours(generation: 1, source: 1, hours: hours)), "(rule = s.rule)"),
            (try plan(MergeDeviceVerdicts(generation: 1, source: 1)), "(device_key = s.device_key)"),
            (try plan(MergeVerdictHours(generation: 1, source: 1, hours: hours)), "(device_key = s.device_key)"),
            (try plan(MergeProperties(source: 1)), "(section = s.section)"),
            (try plan(MergeErrors(source: 1)), "(subcode = s.subcode)"),
            (try plan(SelectIsCrowded(generation: 1, source: 1)), "(day = finding_delta.day)"),
        ]
        for (plan, lastColumn) in plans {
            let lookups = plan.split(separator: "\n").filter { $0.contains("Index Cond") }
            #expect(lookups.count == 1 && lookups.allSatisfy { $0.contains(lastColumn) }, "\(plan)")
            for line in plan.split(separator: "\n") where line.contains("Seq Scan") || line.contains("Materialize") {
                #expect(line.contains("_delta"), "\(plan)")
            }
        }
    }

    @Test func `one device's findings are read without those of the others`() throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.device (tenant, device_id) SELECT 'app', 'dev-' || g FROM generate_series(1, 20000) g;
                INSERT INTO hindcast.finding SELECT 1, 1, 1, now(), 1, now(), 1, 0, 0, 1, 1, device_key, 0, 0, 3, '', '', '/a', 'json-invalid', '', '', '', '', NULL
                    FROM hindcast.device;
                ANALYZE
                """)
        let plan = try superuser.query(ExplainOneDevice()).joined(separator: "\n")
        #expect(plan.contains("(device_key = d.device_key)"), "\(plan)")
        #expect(!plan.contains("Seq Scan on finding"), "\(plan)")
    }

    @Test func `names that go are found by their place, not by a search through a source's findings`() throws {
        try fill()
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.finding
                SELECT 1, 0, 0, now(), n, now(), n, n, 0, 1, 1, n / 100, 9000, 0, 2, '', '', '/name-' || n, 'capability-undefined', '', '', '', '', NULL
                FROM generate_series(1, 20000) n
                """)
        let plan = try plan(TrimOpenNames(generation: 1, source: 1))
        #expect(plan.contains("TID Cond: (ctid = b.row_place)"), "\(plan)")
        #expect(plan.contains("(device_key = finding_delta.device_key) AND (source_id = 1) AND (day = finding_delta.day)"), "\(plan)")
    }

    @Test func `names of properties and codes that go are found by their place, within the device`() throws {
        try fill()
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.device_property (latest_time, latest_offset, latest_changed, name_hash, source_id, device_key, section, module, component, name)
                SELECT now(), n, now(), n, 1, n / 20, 1, '', '', 'name-' || n FROM generate_series(1, 20000) n;
                INSERT INTO hindcast.device_error SELECT 1, now(), n, now(), n, n, 1, n / 20, 500, 'edge', 'c' || n, '', '' FROM generate_series(1, 20000) n
                """)
        for plan in [try plan(TrimPropertyNames(source: 1)), try plan(TrimUnknownErrors(source: 1))] {
            #expect(plan.contains("TID Cond: (ctid = b.row_place)"), "\(plan)")
            for line in plan.split(separator: "\n") where line.contains("Index Cond") {
                #expect(line.contains("(device_key = ") && line.contains("(source_id = 1)"), "\(plan)")
            }
            for line in plan.split(separator: "\n") where line.contains("Seq Scan") { #expect(line.contains("_delta"), "\(plan)") }
        }
    }

    @Test func `one device's properties and errors are read without those of the others`() throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.device (tenant, device_id) SELECT 'app', 'dev-' || g FROM generate_series(1, 20000) g;
                INSERT INTO hindcast.device_property (latest_time, latest_offset, latest_changed, name_hash, source_id, device_key, section, module, component, name)
                SELECT now(), 1, now(), 1, 1, device_key, 1, '', '', 'a' FROM hindcast.device;
                INSERT INTO hindcast.device_error SELECT 1, now(), 1, now(), 1, 0, 1, device_key, 500, 'hub', '', '', '' FROM hindcast.device;
                ANALYZE
                """)
        for plan in [try superuser.query(ExplainOneDevicesProperties()), try superuser.query(ExplainOneDevicesErrors())] {
            let text = plan.joined(separator: "\n")
            #expect(plan.contains { $0.contains("Index Cond: (device_key = ") }, "\(text)")
            #expect(!text.contains("Seq Scan on device_"), "\(text)")
        }
    }

    @Test func `a batch opens the leaves of its own hours only`() throws {
        try fill()
        #expect(try number("SELECT count(*) FROM hindcast.hour_leaf WHERE relation = 'device_hour'") >= 2)
        for plan in [
            try plan(MergeDeviceHours(source: 1, hours: hours)), try plan(MergeVerdictHours(generation: 1, source: 1, hours: hours)),
            try plan(MergeFindingHours(generation: 1, source: 1, hours: hours)),
        ] {
            #expect(plan.contains("_20261123"))
            #expect(!plan.contains("_20261122"))
        }
    }

    @Test func `what dashboards ask of a fleet is read by index: the worst, those of one label, one device`() throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.device (tenant, device_id) SELECT 'app-' || g % 5, 'dev-' || g FROM generate_series(1, 2000) g;
                INSERT INTO hindcast.device_snapshot (
                    generation, device_key, tenant, as_of, since, silent_after, next_due, last_seen, status_since, messages_24h, failed_messages_24h,
                    malformed_24h, repeated_24h, flaps_24h, score, is_silent, source_silent, export_off, health, registration, connection,
                    reasons)
                SELECT 1, device_key, tenant, now(), now(), now() + interval '1 hour', now() + interval '1 hour', now(), now(), 9, device_key % 7, 0, 0, 0,
                    device_key % 6000000, false, false, false, CASE WHEN device_key % 10 = 0 THEN 'degraded' ELSE 'healthy' END, 'provisioned', 'connected', '{}'
                FROM hindcast.device;
                ANALYZE;
                SET enable_sort = off; SET enable_seqscan = off; SET enable_bitmapscan = off
                """)
        // As the planner chooses for a million by itself: here it only has to be able to.
        try check(Worst.self, on: &superuser)
        try check(WorstOfTenant.self, on: &superuser)
        try check(MostFailed.self, on: &superuser)
        try check(MostFailedOfTenant.self, on: &superuser)
        try check(Failing.self, on: &superuser)
        try check(OneDevice.self, on: &superuser)
    }

    private func check<Question: FleetQuestion>(_: Question.Type, on connection: inout Connection) throws {
        let plan = try connection.query(ExplainFleet<Question>()).joined(separator: "\n")
        #expect(plan.contains(Question.index), "\(plan)")
        #expect(!plan.contains("Seq Scan on device_snapshot") && !plan.contains("Sort"), "\(plan)")
    }
}

/// What a dashboard asks `device_health`, and the index that answers it.
private protocol FleetQuestion: Sendable {
    static var question: String { get }
    static var index: String { get }
}

private enum Worst: FleetQuestion {
    static let question = "ORDER BY score DESC LIMIT 100"
    static let index = "device_snapshot_score_index"
}

private enum WorstOfTenant: FleetQuestion {
    static let question = "WHERE tenant = 'app-3' ORDER BY score DESC LIMIT 100"
    static let index = "device_snapshot_tenant_score_index"
}

private enum MostFailed: FleetQuestion {
    static let question = "ORDER BY failed_messages_24h DESC LIMIT 100"
    static let index = "device_snapshot_failed_index"
}

private enum MostFailedOfTenant: FleetQuestion {
    static let question = "WHERE tenant = 'app-3' ORDER BY failed_messages_24h DESC LIMIT 100"
    static let index = "device_snapshot_tenant_failed_index"
}

private enum Failing: FleetQuestion {
    static let question = "WHERE health = 'failing' LIMIT 100"
    static let index = "device_snapshot_health_index"
}

private enum OneDevice: FleetQuestion {
    static let question = "WHERE tenant = 'app-3' AND device_id = 'dev-33'"
    static let index = "device_snapshot_pkey"
}

private struct ExplainFleet<Question: FleetQuestion>: Statement {
    static var sql: String { "EXPLAIN (COSTS OFF) SELECT * FROM diagnostics.device_health \(Question.question)" }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
