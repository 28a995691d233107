import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// Whole hours of a gap counted from hourly traffic: the same numbers as the log's.
@Suite("Counts from hourly traffic", .database) struct TallyTests {
    private static let hour: Int64 = 3600

    // MARK: - One by one

    /// A message every ten minutes for ten hours, and the export off from 00:30 to 08:30 of the story.
    private func story(filter: String = "", _ more: [SampleRecord] = []) throws {
        try ExportStory.define("e", to: "d", filter: filter)
        var notices = try ExportStory.notices()
        try notices.append([ExportStory.toggled("e", false, at: 1800), ExportStory.toggled("e", true, at: 8 * Self.hour + 1800)] + more)
        var log = try ExportStory.fleet()
        for batch in Int64(0)..<60 { try log.append([ExportStory.telemetry("a\(batch % 7)", at: batch * 600)]) }
        try ExportStory.project()
    }

    private func look(tallies: Int64? = 1) throws -> [GapRow] {
        var settings = ExportStory.settings(now: 100_000)
        settings.offsetsForTallies = tallies
        try ExportStory.look(settings)
        return try ExportStory.gaps()
    }

    /// Has hourly traffic say more than there is, so that it shows where it is taken from there.
    private func falsify(hour: Int64) throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                WITH d AS (SELECT hour, max(device_key) AS device_key FROM hindcast.device_hour WHERE exportable > 0 GROUP BY hour)
                UPDATE hindcast.device_hour h SET exportable = h.exportable + 1000 FROM d
                WHERE h.hour = d.hour AND h.device_key = d.device_key AND h.hour = '\(ExportStory.time(hour * Self.hour).rfc3339)'
                """)
    }

    @Test func `whole hours are taken from hourly traffic, the edges from the log`() throws {
        try story()
        #expect(try look(tallies: nil).map(\.events) == [48])
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "DELETE FROM hindcast.export_gap")
        for edge in [0, 8, 9] as [Int64] { try falsify(hour: edge) }
        #expect(try look().map(\.events) == [48], "hours that do not lie wholly in the gap")
        try superuser.execute(script: "DELETE FROM hindcast.export_gap")
        for whole in 1...7 as ClosedRange<Int64> { try falsify(hour: whole) }
        #expect(try look().map(\.events) == [7048])
        try superuser.execute(script: "DELETE FROM hindcast.export_gap")
        #expect(try look(tallies: 61).map(\.events) == [48], "not worth the while")
    }

    @Test func `a filter, receipts and another source are not for hourly traffic to tell`() throws {
        try story(filter: "SELECT * FROM devices WHERE t > 0")
        for whole in 1...7 as ClosedRange<Int64> { try falsify(hour: whole) }
        #expect(try look().map(\.events) == [48])
        try ExportStory.define("e", to: "d", source: "properties")
        #expect(try look() == [])
        try ExportStory.define("e", to: "d", filter: "SELECT * FROM devices", from: 3 * Self.hour + 60, isEnabled: false)
        #expect(try look().map(\.events) == [32 + 4000], "four whole hours of another definition")
    }

    @Test func `where receipts leave hours out, those are read`() throws {
        try story(filter: "", [ExportStory.receipt(30...33, at: 90_000), ExportStory.receipt(35...38, at: 90_000)])
        let before = try look(tallies: nil)
        #expect(before.map(\.events) == [39, 1], "\(before)")
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "DELETE FROM hindcast.export_gap")
        // The fifth and the sixth hour have receipts; the first four are the longest run.
        for hour in [5, 6, 7] as [Int64] { try falsify(hour: hour) }
        #expect(try look() == before)
        try superuser.execute(script: "DELETE FROM hindcast.export_gap")
        try falsify(hour: 2)
        #expect(try look().map(\.events) == [1039, 1])
    }

    @Test func `what comes late is added by the log, once`() throws {
        try story()
        #expect(try look().map(\.events) == [48])
        var log = try ExportStory.fleet()
        try log.append([ExportStory.telemetry("late", at: 2 * Self.hour), ExportStory.telemetry("late", at: 20_000)])
        try ExportStory.project()
        #expect(try look().map(\.events) == [50])
        #expect(try look().map(\.events) == [50])
    }

    @Test func `hours of which something is counted are read on`() throws {
        try ExportStory.define("e", to: "d")
        var log = try ExportStory.fleet()
        try log.append([ExportStory.toggled("e", false, at: 0), ExportStory.telemetry("a", at: 5 * Self.hour + 60)])
        try ExportStory.project()
        #expect(try look().map(\.events) == [1])
        try log.append((1...90).map { ExportStory.telemetry("a", at: $0 * 600) })
        try ExportStory.project()
        for hour in 0...5 as ClosedRange<Int64> { try falsify(hour: hour) }
        #expect(try look().map(\.events) == [91])
        // Hours after all that is counted are new.
        try log.append((91...180).map { ExportStory.telemetry("a", at: $0 * 600) })
        try ExportStory.project()
        try falsify(hour: 20)
        #expect(try look().map(\.events) == [1181])
    }

    @Test func `evidence that takes back hours while the log is still read has all counted anew`() throws {
        try story()
        var settings = ExportStory.settings(now: 100_000, perCommit: 1, perPass: 8)
        settings.offsetsForTallies = 1
        var connection = try TestDatabase.connect(role: "hindcast_project")
        var pass = GapPass(owner: "pass", settings: settings)
        #expect(try pass.step(on: &connection) == true)
        #expect(try connection.query(CountOpenTallies()) == [1])
        // The service says later that it was off for a shorter time.
        var notices = try ExportStory.notices()
        try notices.append([ExportStory.toggled("e", true, at: 4 * Self.hour)])
        try ExportStory.project()
        #expect(try pass.run(on: &connection))
        #expect(try ExportStory.gaps().map(\.events) == [21])
    }

    // MARK: - All at once

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `however passes, projections, evidence and ingest take turns, they are the counts of the log`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var sender = TallyStory(by: &random)
        try ExportStory.define("all", to: "blob")
        try ExportStory.define("real", to: "hub", isManaged: true)
        try ExportStory.define("e", to: "d")
        var tallied: Int64 = 0
        for round in 0..<12 {
            for partition in Int32(0)..<3 {
                var log = try ExportStory.fleet(partition: partition)
                try log.append(sender.records(by: &random))
                if Bool.random(using: &random) { try projectSome(&random) }
                if Int.random(in: 0..<3, using: &random) == 0 { tallied += try passSome(sender.clock + 500_000, &random) }
            }
            var notices = try ExportStory.notices()
            try notices.append(sender.notices(by: &random))
            if round == 5 || round == 9 {
                let filter = round == 5 ? "SELECT * FROM devices WHERE t > 50" : ""
                try ExportStory.define("all", to: "blob", filter: filter, from: sender.clock - 20_000, isEnabled: Bool.random(using: &random))
            }
            if round % 4 == 3 { tallied += try compare(now: sender.clock + 500_000, &random) }
        }
        #expect(tallied > 0, "hourly traffic was never asked")
    }

    private func projectSome(_ random: inout SeededRandom) throws {
        var worker = try ExportStory.worker(batchRows: Int.random(in: 1...50, using: &random))
        for _ in 0..<Int.random(in: 1...6, using: &random) { _ = try worker.step() }
        worker.end()
    }

    /// Says how many counts were seen that hourly traffic began.
    private func passSome(_ now: Int64, steps: Int = 4, _ random: inout SeededRandom) throws -> Int64 {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        var settings = ExportStory.settings(
            now: now, perCommit: Int64.random(in: 1...60, using: &random), perPass: Int64.random(in: 1...200, using: &random))
        settings.offsetsForTallies = Int64.random(in: 1...30, using: &random)
        var pass = GapPass(owner: "pass", settings: settings)
        var tallied: Int64 = 0
        for _ in 0..<Int.random(in: 1...steps, using: &random) {
            _ = try pass.step(on: &connection)
            tallied += try connection.queryOne(CountOpenTallies()) ?? 0
        }
        return tallied
    }

    /// Counts to the end; then counts anew by the log alone, and by tallies at once: three times the same.
    private func compare(now: Int64, _ random: inout SeededRandom) throws -> Int64 {
        try ExportStory.project()
        var tallied = try passSome(now, steps: 8, &random)
        var settings = ExportStory.settings(now: now, perCommit: Int64.random(in: 1...60, using: &random))
        settings.offsetsForTallies = 1
        try ExportStory.look(settings)
        let followed = try ExportStory.gaps()
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "DELETE FROM hindcast.export_gap")
        settings.offsetsForTallies = nil
        try ExportStory.look(settings)
        let read = try ExportStory.gaps()
        #expect(followed == read)
        try superuser.execute(script: "DELETE FROM hindcast.export_gap")
        settings.offsetsForTallies = 1
        tallied += try passSome(now, steps: 1, &random)
        try ExportStory.look(settings)
        #expect(try ExportStory.gaps() == read)
        return tallied
    }
}

/// What a fleet and its service say, by chance: mostly telemetry, some of it late, some of it nothing that an export sends.
private struct TallyStory {
    private(set) var clock: Int64 = 1000
    private var offset: Int64 = 0

    init(by random: inout SeededRandom) { clock = Int64.random(in: 0...3600, using: &random) }

    mutating func records(by random: inout SeededRandom) -> [SampleRecord] {
        (0..<Int.random(in: 1...40, using: &random)).map { _ in
            clock += Int64.random(in: 0...250, using: &random)
            let late = Int.random(in: 0..<5, using: &random) == 0 ? Int64.random(in: 0...15_000, using: &random) : 0
            let time = max(0, clock - late)
            let device = "d\(Int.random(in: 0..<9, using: &random))"
            switch Int.random(in: 0..<30, using: &random) {
            case 0: return ExportStory.simulated(device, Int.random(in: 0..<4, using: &random) > 0, at: clock)
            case 1: return ExportStory.happens("property.reported", #"{"p":1}"#, at: time)
            case 2: return ExportStory.happens("telemetry", "{", at: time)
            case 3:
                var record = ExportStory.telemetry(device, at: time)
                record.headers = [("ce_type", Array("dev.hindcast.backfill".utf8))]
                return record
            case 4: return SampleRecord(payload: nil, brokerTime: ExportStory.time(time))
            default: return ExportStory.telemetry(device, at: time, #"{"t":\#(Int.random(in: 0...100, using: &random))}"#)
            }
        }
    }

    mutating func notices(by random: inout SeededRandom) -> [SampleRecord] {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let export = ["all", "all", "real", "real", "e"].randomElement(using: &random) ?? ""
            let time = clock - Int64.random(in: 0...20_000, using: &random)
            if Int.random(in: 0..<4, using: &random) == 0 {
                offset += Int64.random(in: 0...30, using: &random)
                return ExportStory.receipt(
                    offset...offset + Int64.random(in: 0...30, using: &random), partition: Int32.random(in: 0...2, using: &random), at: clock)
            }
            return ExportStory.toggled(export, Int.random(in: 0..<3, using: &random) == 0, at: max(0, time))
        }
    }
}

private struct CountOpenTallies: Statement {
    static let sql = "SELECT count(*) FROM hindcast.export_gap_count WHERE tally_next IS NOT NULL"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
