import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

@Suite("Counts against a plain fold", .database) struct CountingTests {
    /// An event as the test remembers it.
    private struct Sent {
        let device: String
        let time: Timestamp
        let bytes: Int64
        let isExpected: Bool
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `however passes, projections and ingest take turns, the counts are those of a plain fold`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let exports = ["all", "real"]
        try ExportStory.define("all", to: "blob")
        try ExportStory.define("real", to: "hub", isManaged: true)
        var sent: [Sent] = []
        var simulated: Set<String> = []
        var clock: Int64 = 1000
        for round in 0..<12 {
            for partition in 0..<3 {
                var log = try LogFixture(partition: Int32(partition), settings: SourceSettings(tenant: "app"))
                var records: [SampleRecord] = []
                for _ in 0..<Int.random(in: 1...40, using: &random) {
                    clock += Int64.random(in: 0...90, using: &random)
                    // Some come late, some very late.
                    let late = Int.random(in: 0..<4, using: &random) == 0 ? Int64.random(in: 0...3000, using: &random) : 0
                    let device = "d\(Int.random(in: 0..<12, using: &random))"
                    switch Int.random(in: 0..<20, using: &random) {
                    case 0: records.append(ExportStory.toggled(exports[Int.random(in: 0...1, using: &random)], false, at: clock))
                    case 1: records.append(ExportStory.toggled(exports[Int.random(in: 0...1, using: &random)], true, at: clock))
                    case 2 where !simulated.contains(device) && device != "d0":
                        simulated.insert(device)
                        records.append(ExportStory.simulated(device, at: clock))
                    case 3:
                        records.append(ExportStory.happens("property.reported", #"{"p":1}"#, at: clock))
                    case 4:
                        var record = ExportStory.telemetry(device, at: clock)
                        record.payload = Array("{".utf8)
                        records.append(record)
                    default:
                        let seconds = max(0, clock - late)
                        let body = #"{"t":\#(Int.random(in: 0...100_000, using: &random))}"#
                        let record = ExportStory.telemetry(device, at: seconds, body)
                        records.append(record)
                        sent.append(
                            Sent(device: device, time: ExportStory.time(seconds), bytes: Int64(record.payload?.count ?? 0), isExpected: true))
                    }
                }
                try log.append(records)
                if Bool.random(using: &random) { try projectSome(&random) }
                if Bool.random(using: &random) { try passSome(clock + 100_000, &random) }
            }
            if round % 4 == 3 { try compare(sent, simulated, now: clock + 100_000, &random) }
        }
    }

    private func projectSome(_ random: inout SeededRandom) throws {
        var worker = try ExportStory.worker(batchRows: Int.random(in: 1...50, using: &random))
        for _ in 0..<Int.random(in: 1...6, using: &random) { _ = try worker.step() }
        worker.end()
    }

    private func passSome(_ now: Int64, _ random: inout SeededRandom) throws {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        let settings = ExportStory.settings(
            now: now, perCommit: Int64.random(in: 1...60, using: &random), perPass: Int64.random(in: 1...200, using: &random))
        var pass = GapPass(owner: "pass", settings: settings)
        for _ in 0..<Int.random(in: 1...4, using: &random) { _ = try pass.step(on: &connection) }
    }

    private func compare(_ sent: [Sent], _ simulated: Set<String>, now: Int64, _ random: inout SeededRandom) throws {
        try ExportStory.project()
        try ExportStory.look(ExportStory.settings(now: now, perCommit: Int64.random(in: 1...60, using: &random)))
        let gaps = try ExportStory.gaps()
        #expect(gaps.allSatisfy { $0.cause == "disabled" })
        for gap in gaps {
            let own = sent.filter {
                $0.time >= gap.start && gap.end.map { end in $0.time < end } ?? true && (gap.export == "all" || !simulated.contains($0.device))
            }
            #expect(gap.events == Int64(own.count), "\(gap)")
            #expect(gap.devices == Int64(Set(own.map(\.device)).count), "\(gap)")
            #expect(gap.bytes == own.reduce(0) { $0 + $1.bytes }, "\(gap)")
        }
    }
}
