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

    private func asSuperuser(_ script: String) throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: script)
    }

    private func healthy(_ device: String) throws -> DeviceStory {
        var story = DeviceStory(device, now: try Timestamp.databaseNow())
        story.send(minutesAgo: 2)
        return story
    }

    @Test func `the labels of a tenant sum to its devices`() throws {
        try publish(pumpTemplate())
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 41)
        // Health looks at the last day, so these happen now by the database's clock.
        let now = try Timestamp.databaseNow()
        try log.append(
            [
                .telemetry(device: "good", #"{"temperature":1}"#, template: pumpID, at: now),
                .telemetry(device: "bad", #"{"temperature":"warm"}"#, template: pumpID, at: now), .telemetry(device: "none", "{}", at: now),
            ], at: now)
        try log.append(fleet.records(200), at: max(now, .sample))
        try project()
        #expect(
            try number(
                "SELECT healthy + degraded + failing + silent + blocked + unassigned + unknown - devices FROM diagnostics.fleet_summary WHERE tenant = 'app'"
            )
                == 0)
        #expect(
            try number("SELECT devices + deleted FROM diagnostics.fleet_summary WHERE tenant = 'app'")
                == number("SELECT count(DISTINCT device_id) FROM diagnostics.device_health WHERE tenant = 'app'"))
        #expect(try number("SELECT healthy FROM diagnostics.fleet_summary WHERE tenant = 'app'") >= 1)
        #expect(try number("SELECT failing FROM diagnostics.fleet_summary WHERE tenant = 'app'") >= 1)
        #expect(try number("SELECT unassigned FROM diagnostics.fleet_summary WHERE tenant = 'app'") >= 1)
        #expect(
            try number(
                "SELECT count(*) FROM diagnostics.device_health h JOIN diagnostics.device_diagnosis USING (device_id) WHERE h.health = 'healthy'")
                == 0)
    }

    @Test func `a new derivation looks at everything again, and forgets tenants without devices`() throws {
        try happen([try healthy("a")])
        #expect(try number("SELECT count(*) FROM diagnostics.fleet_summary") == 1)
        try asSuperuser("DELETE FROM hindcast.device_state; UPDATE hindcast.snapshot_progress SET derivation = 0")
        #expect(try refresh("test"))
        #expect(try number("SELECT count(*) FROM diagnostics.fleet_summary") == 0)
        #expect(try number("SELECT count(*) FROM hindcast.device_snapshot") == 0)
    }

    @Test func `one process at a time keeps it, and another takes over when its lease ends`() throws {
        #expect(try refresh("a"))
        #expect(try !refresh("b"))
        #expect(try refresh("a"))
        try asSuperuser("UPDATE hindcast.fleet_snapshot_lease SET lease_until = clock_timestamp() - interval '1 second'")
        #expect(try refresh("b"))
        #expect(try !refresh("a"))
    }

    @Test func `only devices that were touched are derived again`() throws {
        try happen([try healthy("a"), try healthy("b")])
        let before = try number("SELECT (extract(epoch FROM as_of) * 1000000)::bigint FROM diagnostics.device_health WHERE device_id = 'a'")
        try happen([try healthy("b")])
        #expect(
            try number("SELECT (extract(epoch FROM as_of) * 1000000)::bigint FROM diagnostics.device_health WHERE device_id = 'a'") == before)
        #expect(
            try number("SELECT (extract(epoch FROM as_of) * 1000000)::bigint FROM diagnostics.device_health WHERE device_id = 'b'") > before)
        #expect(try number("SELECT messages_24h FROM diagnostics.device_health WHERE device_id = 'b'") == 2)
        #expect(try number("SELECT next_offset FROM hindcast.snapshot_position") == 3)
    }

    @Test func `it never goes ahead of a projection`() throws {
        try happen([try healthy("a")])
        try asSuperuser("UPDATE hindcast.projection_checkpoint SET next_offset = 0 WHERE generation <> 0")
        try asSuperuser("UPDATE hindcast.snapshot_position SET next_offset = 0")
        #expect(try refresh("test"))
        #expect(try number("SELECT next_offset FROM hindcast.snapshot_position") == 0)
    }

    @Test func `whose time has come is looked at without an event`() throws {
        try publish(pumpTemplate())
        try happen([try healthy("a")])
        // The clock of the tables instead of the wall's: the device's last telemetry becomes an hour old.
        try asSuperuser("UPDATE hindcast.device_state SET last_telemetry = last_telemetry - interval '1 hour'")
        #expect(try refresh("test"))
        #expect(try Said("a").health == "healthy")
        try asSuperuser("UPDATE hindcast.device_snapshot SET next_due = now()")
        #expect(try refresh("test"))
        #expect(try Said("a").health == "silent" && Said("a").causes == ["silent/possible"])
        #expect(try number("SELECT count(*) FROM hindcast.device_snapshot WHERE next_due <= now()") == 0)
    }

    @Test func `who takes over a pass that was cut off goes on where it stood`() throws {
        try happen([try healthy("a"), try healthy("b"), try healthy("c")])
        let last = try number("SELECT min(device_key)::bigint FROM hindcast.device_snapshot")
        try asSuperuser(
            """
            UPDATE hindcast.snapshot_progress SET next_device = \(last);
            UPDATE hindcast.device_snapshot SET as_of = '-infinity';
            UPDATE hindcast.fleet_snapshot_lease SET lease_until = '-infinity'
            """)
        #expect(try refresh("b"))
        #expect(try number("SELECT count(*) FROM hindcast.device_snapshot WHERE as_of > '-infinity'") == 2)
        #expect(try number("SELECT count(*) FROM hindcast.snapshot_progress WHERE next_device IS NULL") == 1)
    }

    @Test func `promotion switches health at once, and a generation that is given up is forgotten`() throws {
        try publish(pumpTemplate())
        try happen([try healthy("a")])
        // A second generation, in which the device fails.
        try asSuperuser(
            """
            INSERT INTO hindcast.generation (state, rule_options) VALUES ('ready', '{}');
            SELECT hindcast.make_generation(2);
            SELECT hindcast.make_hour_leaf('verdict_hour_g2', day) FROM hindcast.hour_leaf WHERE relation = 'verdict_hour_g1';
            INSERT INTO hindcast.verdict_hour (hour, messages, failed, warned, malformed, generation, source_id, device_key)
            SELECT hour, messages, messages, 0, 0, 2, source_id, device_key FROM hindcast.verdict_hour WHERE generation = 1;
            INSERT INTO hindcast.projection_checkpoint (projection, generation, source_id, next_offset)
            SELECT projection, 2, source_id, next_offset FROM hindcast.projection_checkpoint WHERE generation = 1
            """)
        #expect(try refresh("test"))
        #expect(try Said("a").health == "healthy")
        try asSuperuser("UPDATE hindcast.live_generation SET generation = 2")
        #expect(try Said("a").health == "failing")
        #expect(try number("SELECT failing FROM diagnostics.fleet_summary") == 1)
        try asSuperuser("UPDATE hindcast.generation SET state = 'retired' WHERE generation = 1")
        #expect(try refresh("test"))
        #expect(try number("SELECT count(*) FROM hindcast.device_snapshot WHERE generation = 1") == 0)
        #expect(try number("SELECT count(*) FROM hindcast.snapshot_progress WHERE generation = 1") == 0)
        #expect(try Said("a").health == "failing")
    }

    @Test func `the order in which sources are folded changes nothing`() throws {
        try publish(pumpTemplate())
        let now = try Timestamp.databaseNow()
        var life = DeviceStory("dev", now: now)
        life.tell("device.registered", minutesAgo: 50)
        life.tell("device.disabled", minutesAgo: 30)
        var traffic = DeviceStory("dev", now: now)
        traffic.tell("telemetry", #"{"temperature":"warm"}"#, minutesAgo: 40)
        traffic.tell("device.enabled", minutesAgo: 20)
        traffic.send(minutesAgo: 10)
        var both = try LogFixture(partition: 0)
        var other = try LogFixture(partition: 1)
        try both.append(life.records, at: now)
        try project()
        try other.append(traffic.records, at: now)
        try project()
        let first = try Said("dev")
        #expect(first.registration == "provisioned" && first.health == "failing" && first.causes == ["wrong-type/certain"])
        try asSuperuser(
            "UPDATE hindcast.snapshot_progress SET derivation = 0; DELETE FROM hindcast.device_snapshot; DELETE FROM hindcast.device_cause")
        #expect(try refresh("test"))
        #expect(try Said("dev") == first)
    }
}
