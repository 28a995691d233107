import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

@Suite("Finding and counting gaps", .database) struct GapPassTests {
    @Test func `what was sent while an export was off is a gap, with its devices and bytes`() throws {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append([
            ExportStory.telemetry("a", at: 0), ExportStory.toggled("e", false, at: 1000), ExportStory.telemetry("a", at: 1100),
            ExportStory.telemetry("b", at: 1200), ExportStory.telemetry("b", at: 1300), ExportStory.toggled("e", true, at: 5000),
            ExportStory.telemetry("c", at: 5001),
        ])
        try ExportStory.project()
        try ExportStory.look()
        let gap = try #require(try ExportStory.gaps().first)
        #expect(try ExportStory.gaps().count == 1)
        #expect(gap.cause == "disabled" && gap.certainty == "counted" && gap.state == "closed" && gap.recovery == "log", "\(gap)")
        #expect(gap.start == ExportStory.time(1000) && gap.end == ExportStory.time(5000))
        #expect(gap.events == 3 && gap.devices == 2, "\(gap)")
        #expect(gap.bytes == 3 * Int64(ExportStory.telemetry("b", at: 1200).payload?.count ?? 0))
    }

    @Test func `an open gap grows with the log, and what came after its end is taken out of it again`() throws {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append([ExportStory.toggled("e", false, at: 1000)])
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps() == [], "nothing was missed yet")
        for round in 1...3 {
            try log.append((0..<10).map { ExportStory.telemetry("a\($0)", at: 1000 + Int64(round) * 100 + $0) })
            try ExportStory.project()
            try ExportStory.look()
            let gap = try #require(try ExportStory.gaps().first)
            #expect(gap.state == "open" && gap.events == Int64(round * 10) && gap.devices == 10, "\(gap)")
        }
        // The word that it is on again comes late: an event that stands before it in the log was delivered already.
        try log.append([ExportStory.telemetry("new", at: 2001), ExportStory.telemetry("a1", at: 1999)])
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps().first?.events == 32)
        try log.append([ExportStory.toggled("e", true, at: 2000), ExportStory.telemetry("late", at: 1500)])
        try ExportStory.project()
        try ExportStory.look()
        let gap = try #require(try ExportStory.gaps().first)
        #expect(gap.state == "closed" && gap.events == 32 && gap.devices == 11, "\(gap)")
    }

    @Test func `a gap that was accepted stays accepted`() throws {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append([ExportStory.toggled("e", false, at: 1000), ExportStory.telemetry("a", at: 1100)])
        try ExportStory.project()
        try ExportStory.look()
        let gap = try #require(try ExportStory.gaps().first)
        var admin = try TestDatabase.connect(role: "hindcast_admin")
        #expect(try ExportStore.accept(gap: gap.id, reason: "planned", actor: "test", on: &admin))
        #expect(try !ExportStore.accept(gap: "0", reason: "planned", actor: "test", on: &admin))
        try log.append([ExportStory.telemetry("a", at: 1200), ExportStory.toggled("e", true, at: 2000)])
        try ExportStory.project()
        try ExportStory.look()
        let accepted = try #require(try ExportStory.gaps().first)
        #expect(accepted.id == gap.id && accepted.state == "accepted" && accepted.events == 2, "\(accepted)")
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "DELETE FROM hindcast.export_event")
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.state) == ["accepted"], "kept without evidence")
    }

    @Test func `a gap that the evidence does not show any more is gone`() throws {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append([ExportStory.toggled("e", false, at: 1000), ExportStory.telemetry("a", at: 1100)])
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps().count == 1)
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "DELETE FROM hindcast.export_event")
        try ExportStory.look()
        #expect(try ExportStory.gaps() == [])
    }

    @Test func `simulated devices are left out under a managed identity, also when that is learned later, and only there`() throws {
        try ExportStory.define("real", to: "hub", isManaged: true)
        try ExportStory.define("all", to: "blob")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append([
            ExportStory.simulated("s", at: 0), ExportStory.toggled("real", false, at: 1000), ExportStory.toggled("all", false, at: 1000),
            ExportStory.telemetry("s", at: 1100), ExportStory.telemetry("later", at: 1100), ExportStory.telemetry("a", at: 1100),
        ])
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.events) == [3, 2])
        try log.append([ExportStory.simulated("later", at: 10), ExportStory.telemetry("later", at: 1200)])
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.events) == [4, 1])
        #expect(try ExportStory.gaps().map(\.devices) == [3, 1])
        try log.append([ExportStory.simulated("later", false, at: 20)])
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.events) == [4, 3])
    }

    @Test func `another filter has the events counted anew`() throws {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append(
            [ExportStory.toggled("e", false, at: 1000)]
                + (0..<10).map { ExportStory.telemetry("a", at: 1100 + $0, #"{"t":\#($0)}"#) } + [ExportStory.toggled("e", true, at: 2000)])
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.events) == [10])
        try ExportStory.define("e", to: "d", filter: "SELECT * FROM devices WHERE t > 6")
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.events) == [3])
    }

    @Test func `what is taken out of a gap is what was counted in it, though a later filter would not have`() throws {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append(
            [ExportStory.toggled("e", false, at: 1000)]
                + (0..<10).map { ExportStory.telemetry("a\($0)", at: 1100 + $0 * 10, #"{"t":\#($0)}"#) })
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.events) == [10])
        // Switched on with a filter, which is learned of when events behind it are counted already.
        try ExportStory.define("e", to: "d", filter: "SELECT * FROM devices WHERE t > 6", from: 1150)
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.events) == [5] && ExportStory.gaps().map(\.devices) == [5])
        // What is in force behind its end is none of its business.
        try ExportStory.look()
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "UPDATE hindcast.export_gap SET events = events + 100")
        try ExportStory.define("e", to: "d", filter: "SELECT * FROM devices WHERE t > 7", from: 5000)
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.events) == [105], "it was not counted anew")
    }

    @Test func `a pass that fails in the middle is taken up where its counts were stored`() throws {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append([ExportStory.toggled("e", false, at: 1000)])
        for batch in 0..<10 { try log.append((0..<20).map { ExportStory.telemetry("a\($0)", at: 1001 + Int64(batch)) }) }
        try ExportStory.project()
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                CREATE FUNCTION hindcast.fail() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF NEW.next_offset > 100 THEN RAISE EXCEPTION 'killed'; END IF; RETURN NEW; END $$;
                CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON hindcast.export_gap_count FOR EACH ROW EXECUTE FUNCTION hindcast.fail();
                GRANT EXECUTE ON FUNCTION hindcast.fail TO PUBLIC
                """)
        #expect(throws: PostgresError.self) { try ExportStory.look(ExportStory.settings(perCommit: 1), owner: "killed") }
        let partial = try #require(try ExportStory.gaps().first?.events)
        #expect(partial > 0 && partial < 200)
        try superuser.execute(script: "DROP TRIGGER fail ON hindcast.export_gap_count")
        #expect(throws: LeaseHeld.self) { try ExportStory.look(owner: "next") }
        try superuser.execute(script: "UPDATE hindcast.export_gap_lease SET lease_until = '-infinity'")
        try ExportStory.look(owner: "next")
        #expect(try ExportStory.gaps().map(\.events) == [200])
    }
}
