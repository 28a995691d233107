import Diagnostics
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

@Suite(.database) struct SnapshotTests {
    private func refresh(_ owner: String = "a") throws -> Bool {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        return try FleetSnapshot.refresh(owner: owner, lease: .seconds(600), on: &connection)
    }

    @Test func `the labels of a tenant sum to its devices`() throws {
        try publish(pumpTemplate())
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 41)
        // Health looks at the last day, so these happen now by the database's clock.
        let now = Timestamp(microseconds: try number("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"))
        try log.append(
            [
                .telemetry(device: "good", #"{"temperature":1}"#, template: pumpID, at: now),
                .telemetry(device: "bad", #"{"temperature":"warm"}"#, template: pumpID, at: now), .telemetry(device: "none", "{}", at: now),
            ], at: now)
        try log.append(fleet.records(200), at: max(now, .sample))
        var projector = try worker()
        try projector.turnUntilIdle()
        #expect(try refresh())
        #expect(
            try number(
                "SELECT healthy + degraded + failing + silent + blocked + unassigned + unknown - devices FROM hindcast.fleet_snapshot WHERE tenant = 'app'"
            )
                == 0)
        #expect(
            try number("SELECT devices FROM hindcast.fleet_snapshot WHERE tenant = 'app'")
                == number("SELECT count(DISTINCT device_id) FROM diagnostics.device_health WHERE tenant = 'app'"))
        #expect(try number("SELECT healthy FROM hindcast.fleet_snapshot WHERE tenant = 'app'") >= 1)
        #expect(try number("SELECT failing FROM hindcast.fleet_snapshot WHERE tenant = 'app'") >= 1)
        #expect(try number("SELECT unassigned FROM hindcast.fleet_snapshot WHERE tenant = 'app'") >= 1)
    }

    @Test func `a tenant without devices is forgotten`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var projector = try worker()
        try projector.turnUntilIdle()
        #expect(try refresh())
        #expect(try number("SELECT count(*) FROM hindcast.fleet_snapshot") == 1)
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "DELETE FROM hindcast.device_state")
        #expect(try refresh())
        #expect(try number("SELECT count(*) FROM hindcast.fleet_snapshot") == 0)
    }

    @Test func `one process at a time makes the counts, and another takes over when its lease ends`() throws {
        #expect(try refresh("a"))
        #expect(try !refresh("b"))
        #expect(try refresh("a"))
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "UPDATE hindcast.fleet_snapshot_lease SET lease_until = clock_timestamp() - interval '1 second'")
        #expect(try refresh("b"))
        #expect(try !refresh("a"))
    }
}
