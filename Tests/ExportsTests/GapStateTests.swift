import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import TestSupport
import Testing

/// How a gap stands: what was given back of it, and where the rest can be had.
@Suite("States of gaps, and what is left of their events", .database) struct GapStateTests {
    private func gap(_ records: [SampleRecord] = []) throws -> GapRow {
        if !records.isEmpty {
            var log = try ExportStory.fleet()
            try log.append(records)
        }
        try ExportStory.project()
        try ExportStory.look()
        return try #require(try ExportStory.gaps().first)
    }

    /// Three messages while the export is off, from second 1000 to 5000.
    private func closed() throws -> GapRow {
        try ExportStory.define("e", to: "d")
        return try gap(
            [ExportStory.toggled("e", false, at: 1000)] + (1...3).map { ExportStory.telemetry("a\($0)", at: 1000 + $0) }
                + [ExportStory.toggled("e", true, at: 5000)])
    }

    /// What a backfill does to a gap, with its own rights.
    private func giveBack(_ events: Int64, of gap: GapRow) throws {
        var admin = try TestDatabase.connect(role: "hindcast_admin")
        try admin.execute(script: "UPDATE hindcast.export_gap SET backfilled_events = backfilled_events + \(events) WHERE gap_id = '\(gap.id)'")
    }

    /// A comparison of the whole story, which found so many of the messages missing.
    private func reconcile(missing: Int) throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                WITH r AS (
                    INSERT INTO hindcast.export_reconciliation (
                        tenant, export_id, destination_id, from_time, to_time, as_of, actor, expected, delivered, missing, repeated, late, unexpected)
                    VALUES ('app', 'e', 'd', '\(ExportStory.time(0).rfc3339)', '\(ExportStory.time(6000).rfc3339)', '\(ExportStory.time(9000).rfc3339)',
                        'test', 3, \(3 - missing), \(missing), 0, 0, 0)
                    RETURNING reconciliation_id)
                INSERT INTO hindcast.export_missing (reconciliation_id, source_offset, event_time, source_id, device_key, bytes, run, is_malformed)
                SELECT r.reconciliation_id, e.source_offset, e.event_time, e.source_id, e.device_key, length(e.payload), 1, false
                FROM r, hindcast.event e WHERE e.source_offset BETWEEN 1 AND \(missing)
                """)
    }

    private func recovery() throws -> [Recovery] {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        return try connection.query(SelectRecovery())
    }

    @Test func `a gap is partly filled, then filled, and partly filled again when another event turns up`() throws {
        let closed = try closed()
        #expect(closed.state == "closed" && closed.events == 3)
        try giveBack(1, of: closed)
        #expect(try gap().state == "partly-filled")
        try giveBack(2, of: closed)
        #expect(try gap().state == "filled")
        let late = try gap([ExportStory.telemetry("late", at: 1500)])
        #expect(late.state == "partly-filled" && late.events == 4 && late.id == closed.id, "\(late)")
        try giveBack(1, of: closed)
        #expect(try gap().state == "filled")
    }

    @Test func `a gap that goes on stays open, whatever was given back`() throws {
        try ExportStory.define("e", to: "d")
        let open = try gap([ExportStory.toggled("e", false, at: 1000), ExportStory.telemetry("a", at: 1100)])
        try giveBack(1, of: open)
        #expect(try gap().state == "open")
        let closed = try gap([ExportStory.toggled("e", true, at: 2000)])
        #expect(closed.state == "filled" && closed.id == open.id)
    }

    @Test func `a gap that was given back, and of which a comparison misses nothing, is filled and stays`() throws {
        let closed = try closed()
        try giveBack(2, of: closed)
        try reconcile(missing: 0)
        let filled = try gap()
        #expect(filled.state == "filled" && filled.id == closed.id && filled.events == 3, "\(filled)")
        #expect(try gap() == filled, "also at the next look")
    }

    @Test func `a gap of which nothing was given back is gone when a comparison misses nothing`() throws {
        _ = try closed()
        try reconcile(missing: 0)
        try ExportStory.look()
        #expect(try ExportStory.gaps() == [])
    }

    @Test func `what a comparison still misses after a backfill takes the place of the gap`() throws {
        let closed = try closed()
        try giveBack(2, of: closed)
        try reconcile(missing: 1)
        let rest = try gap()
        #expect(try ExportStory.gaps().count == 1)
        #expect(rest.certainty == "reconciled" && rest.cause == "disabled" && rest.events == 1, "\(rest)")
        #expect(rest.state == "closed" && rest.id != closed.id, "\(rest)")
    }

    // MARK: - Where the events can be had

    @Test func `what retention dropped is the service's to give, as long as it keeps it, and other days are not touched`() throws {
        try ExportStory.define("e", to: "d")
        var log = try ExportStory.fleet()
        try log.append([ExportStory.toggled("e", false, at: 1000), ExportStory.telemetry("a", at: 1100), ExportStory.toggled("e", true, at: 2000)])
        let next = Timestamp(startOfDay: Timestamp.sample.day + 1)
        try log.append(
            [ExportStory.toggled("e", false, at: 90_000), ExportStory.telemetry("a", at: 90_100), ExportStory.toggled("e", true, at: 91_000)],
            at: next)
        try ExportStory.project()
        let settings = ExportStory.settings(now: 100_000)
        try ExportStory.look(settings)
        let week: Int64 = 7 * 86_400
        let kept = [1000, 90_000].map {
            Recovery(place: "log", reason: "The log holds the events.", deadline: ExportStory.time($0 + week), events: 1)
        }
        #expect(try recovery() == kept)
        var admin = try TestDatabase.connect(role: "hindcast_admin")
        _ = try LogRetention.drop(Timestamp.sample.day, on: &admin)
        try ExportStory.look(settings)
        let dropped = try recovery()
        #expect(dropped.map(\.place) == ["service-history", "log"] && dropped.map(\.events) == [1, 1], "\(dropped)")
        #expect(dropped[0].reason.hasPrefix("Retention has dropped a part of the log") && dropped[0].deadline == ExportStory.time(1000 + week))
        try ExportStory.look(settings, owner: "another process")
        #expect(try recovery() == dropped)
    }

    @Test func `the service keeps no history of anything but telemetry`() throws {
        try ExportStory.define("e", to: "d", source: "properties")
        let open = try gap([
            ExportStory.toggled("e", false, at: 1000), ExportStory.happens("property.reported", #"{"p":1}"#, at: 1100),
            ExportStory.toggled("e", true, at: 2000),
        ])
        #expect(open.events == 1)
        #expect(try recovery() == [Recovery(place: "log", reason: "The log holds the events.", deadline: nil, events: 1)])
        var admin = try TestDatabase.connect(role: "hindcast_admin")
        _ = try LogRetention.drop(Timestamp.sample.day, on: &admin)
        try ExportStory.look()
        let dropped = try #require(try recovery().first)
        #expect(dropped.place == "none" && dropped.deadline == nil && dropped.reason.hasSuffix("keeps no history of properties."), "\(dropped)")
    }

    @Test func `how long the service keeps messages is a setting, and when that is over nothing is left`() throws {
        let closed = try closed()
        var admin = try TestDatabase.connect(role: "hindcast_admin")
        _ = try LogRetention.drop(Timestamp.sample.day, on: &admin)
        var settings = ExportStory.settings()
        settings.retentionDays = 30
        try ExportStory.look(settings)
        #expect(try recovery().map(\.deadline) == [Timestamp(microseconds: closed.start.microseconds + 30 * 86_400_000_000)])
        var superuser = try TestDatabase.connect()
        for (deadline, place, isRecoverable) in [("now() + interval '1 hour'", "service-history", true), ("now()", "none", false)] {
            try superuser.execute(script: "UPDATE hindcast.export_gap SET backfill_deadline = \(deadline)")
            let shown = try #require(try superuser.queryOne(SelectShownRecovery()))
            #expect(shown == ShownRecovery(place: place, isRecoverable: isRecoverable))
        }
    }
}

/// What the table of gaps says of recovery; the view judges it by the clock.
private struct Recovery: Equatable, Sendable {
    let place: String
    let reason: String
    let deadline: Timestamp?
    let events: Int64?
}

private struct SelectRecovery: Statement {
    static let sql = "SELECT recovery, recovery_reason, backfill_deadline, events FROM hindcast.export_gap ORDER BY starts_at"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Recovery {
        Recovery(
            place: try row.string(0), reason: try row.string(1), deadline: try row.timestampOrNil(2).map { Timestamp($0) },
            events: try row.int64OrNil(3))
    }
}

private struct ShownRecovery: Equatable, Sendable {
    let place: String
    let isRecoverable: Bool
}

private struct SelectShownRecovery: Statement {
    static let sql = "SELECT recovery, recoverable FROM diagnostics.export_gaps"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ShownRecovery {
        ShownRecovery(place: try row.string(0), isRecoverable: try row.bool(1))
    }
}
