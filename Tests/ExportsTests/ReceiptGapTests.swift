import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import TestSupport
import Testing

/// What receipts leave out, read from the log.
@Suite("Gaps that receipts show", .database) struct ReceiptGapTests {
    /// A message every ten seconds, each at the offset of its number.
    private static func fleet(_ count: Int64 = 40) -> [SampleRecord] {
        (0..<count).map { ExportStory.telemetry("a\($0 % 4)", at: $0 * 10) }
    }

    private static func size(_ offset: Int64) -> Int64 { Int64(fleet()[Int(offset)].payload?.count ?? 0) }

    /// Tells of receipts, some time after all of it, and says which gaps there are.
    private func gaps(_ receipts: [SampleRecord], fleet: [SampleRecord] = Self.fleet()) throws -> [GapRow] {
        try ExportStory.define("e", to: "d")
        var log = try ExportStory.fleet()
        try log.append(fleet)
        return try also(receipts)
    }

    private func also(_ receipts: [SampleRecord]) throws -> [GapRow] {
        var notices = try ExportStory.notices()
        try notices.append(receipts)
        try ExportStory.project()
        try ExportStory.look()
        return try ExportStory.gaps()
    }

    @Test func `ranges that overlap, touch and come out of order leave one hole, which is counted to the event and to the byte`() throws {
        let gaps = try gaps([
            ExportStory.receipt(20...24, at: 1000), ExportStory.receipt(5...12, at: 1001), ExportStory.receipt(25...30, at: 1002),
            ExportStory.receipt(0...9, at: 1003), ExportStory.receipt(13...14, at: 1004), ExportStory.receipt(6...7, at: 1005),
        ])
        #expect(gaps.count == 1, "\(gaps)")
        let gap = try #require(gaps.first)
        #expect(gap.cause == "not-receipted" && gap.certainty == "receipted" && gap.recovery == "log" && gap.state == "closed", "\(gap)")
        #expect(gap.start == ExportStory.time(150) && gap.end == Timestamp(microseconds: ExportStory.time(190).microseconds + 1))
        #expect(gap.events == 5 && gap.devices == 4 && gap.bytes == (15...19).reduce(0) { $0 + Self.size($1) }, "\(gap)")
    }

    @Test func `before the first receipt and after the last they say nothing`() throws {
        #expect(try gaps([ExportStory.receipt(10...20, at: 1000), ExportStory.receipt(15...25, at: 1001)]) == [])
    }

    @Test func `each partition has receipts of its own`() throws {
        var second = try ExportStory.fleet(partition: 1)
        try second.append(Self.fleet())
        let gaps = try gaps([
            ExportStory.receipt(0...9, at: 1000), ExportStory.receipt(10...19, partition: 1, at: 1000), ExportStory.receipt(30...39, at: 1000),
            ExportStory.receipt(22...39, partition: 1, at: 1000), ExportStory.receipt(0...1000, partition: 7, at: 1000),
        ])
        #expect(gaps.map(\.events) == [20, 2] && gaps.map(\.start) == [ExportStory.time(100), ExportStory.time(200)], "\(gaps)")
    }

    @Test func `a hole without an event that the export should have sent is no gap`() throws {
        var fleet = Self.fleet()
        fleet[10] = ExportStory.happens("property.reported", #"{"p":1}"#, at: 100)
        fleet[11] = SampleRecord(payload: nil)
        try ExportStory.define("e", to: "d", filter: "SELECT * FROM devices WHERE t > 0")
        fleet[12] = ExportStory.telemetry("a", at: 120, #"{"t":0}"#)
        var log = try ExportStory.fleet()
        try log.append(fleet)
        #expect(try also([ExportStory.receipt(0...9, at: 1000), ExportStory.receipt(13...39, at: 1000)]) == [])
    }

    @Test func `events that are not JSON are a gap of their own in the hole`() throws {
        var fleet = Self.fleet()
        fleet[11] = ExportStory.happens("telemetry", "{", at: 110)
        let gaps = try gaps([ExportStory.receipt(0...9, at: 1000), ExportStory.receipt(13...39, at: 1000)], fleet: fleet)
        #expect(Set(gaps.map { "\($0.cause) \($0.events ?? -1) \($0.recovery)" }) == ["malformed 1 none", "not-receipted 2 log"], "\(gaps)")
    }

    @Test func `a receipt that comes late closes the hole, or makes it smaller`() throws {
        #expect(try gaps([ExportStory.receipt(0...9, at: 1000), ExportStory.receipt(20...39, at: 1000)]).map(\.events) == [10])
        let smaller = try also([ExportStory.receipt(15...19, at: 2000)])
        #expect(smaller.map(\.events) == [5] && smaller.map(\.start) == [ExportStory.time(100)], "\(smaller)")
        let parted = try also([ExportStory.receipt(12...12, at: 2001)])
        #expect(parted.map(\.events) == [2, 2], "\(parted)")
        #expect(try also([ExportStory.receipt(10...14, at: 2002)]) == [])
    }

    @Test func `a hole that the projections have not passed is no gap yet`() throws {
        try ExportStory.define("e", to: "d")
        var log = try ExportStory.fleet()
        try log.append(Self.fleet())
        #expect(try also([ExportStory.receipt(0...9, at: 1000), ExportStory.receipt(45...49, at: 1000)]) == [])
        try log.append((40..<45).map { ExportStory.telemetry("late", at: $0 * 10) })
        try ExportStory.look()
        #expect(try ExportStory.gaps() == [], "logged, and not folded")
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.events) == [35])
    }

    @Test func `a hole takes the cause of the timeline, and no event is counted twice`() throws {
        let gaps = try gaps([
            ExportStory.toggled("e", false, at: 0), ExportStory.receipt(0...4, at: 1000), ExportStory.receipt(20...24, at: 1000),
            ExportStory.toggled("e", true, at: 2000),
        ])
        // Of 40 events sent while it was off, 10 have receipts, 15 lie between receipts, and of the 15 behind them only the timeline speaks.
        #expect(Set(gaps.map { "\($0.cause) \($0.certainty) \($0.events ?? -1)" }) == ["disabled receipted 15", "disabled counted 15"], "\(gaps)")
    }

    @Test func `simulated devices are missing where they are expected, also when that is learned later`() throws {
        try ExportStory.define("e", to: "d", isManaged: true)
        var log = try ExportStory.fleet()
        try log.append(Self.fleet(8))
        let receipts = [ExportStory.receipt(0...1, at: 1000), ExportStory.receipt(6...7, at: 1000)]
        #expect(try also(receipts).map(\.events) == [4])
        #expect(try also([ExportStory.simulated("a3", at: 1001)]).map(\.events) == [3])
        // Then nothing that is expected lies between the receipts.
        #expect(try also(["a0", "a1", "a2"].map { ExportStory.simulated($0, at: 1002) }) == [])
    }

    // MARK: - Counts of receipts

    @Test func `a receipt that counts fewer events than it covers leaves a gap that cannot be counted`() throws {
        let gaps = try gaps([ExportStory.receipt(0...19, events: 18, at: 1000), ExportStory.receipt(20...39, events: 20, at: 1000)])
        #expect(gaps.count == 1, "\(gaps)")
        let gap = try #require(gaps.first)
        #expect(gap.cause == "not-receipted" && gap.certainty == "inferred" && gap.events == nil && gap.bytes == nil, "\(gap)")
        #expect(gap.start == ExportStory.time(0) && gap.end == Timestamp(microseconds: ExportStory.time(190).microseconds + 1))
        #expect(try also([ExportStory.receipt(0...19, events: 20, at: 2000)]) == [], "another one has all of it")
    }

    @Test func `what an export should not have sent, a receipt need not count`() throws {
        var fleet = Self.fleet()
        fleet[3] = ExportStory.happens("property.reported", #"{"p":1}"#, at: 30)
        fleet[4] = ExportStory.happens("telemetry", "{", at: 40)
        fleet[5] = ExportStory.telemetry("a", at: 50, #"{"t":-1}"#)
        try ExportStory.define("e", to: "d", filter: "SELECT * FROM devices WHERE t > 0")
        var log = try ExportStory.fleet()
        try log.append(fleet)
        #expect(try also([ExportStory.receipt(0...39, events: 37, at: 1000)]) == [])
        #expect(try also([ExportStory.receipt(0...9, events: 6, at: 1001)]) == [], "the first receipt has all of it")
        #expect(try also([ExportStory.receipt(35...44, events: 3, at: 1002)]) == [], "not all of it is logged")
        try log.append((40..<45).map { ExportStory.telemetry("a", at: $0 * 10) })
        try ExportStory.project()
        try ExportStory.look()
        #expect(try ExportStory.gaps().map(\.certainty) == ["inferred"])
    }

    @Test func `a device that turns out to be simulated need not be counted`() throws {
        try ExportStory.define("e", to: "d", isManaged: true)
        var log = try ExportStory.fleet()
        try log.append(Self.fleet())
        #expect(try also([ExportStory.receipt(0...39, events: 30, at: 1000)]).map(\.certainty) == ["inferred"])
        #expect(try also([ExportStory.simulated("a3", at: 1001)]) == [])
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `receipts of any number and order are looked at in parts, with the same answer`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        try ExportStory.define("e", to: "d", filter: "SELECT * FROM devices WHERE t > 0")
        var log = try ExportStory.fleet()
        var isExpected: [Bool] = []
        for offset in Int64(0)..<400 {
            isExpected.append(Int.random(in: 0..<3, using: &random) > 0)
            try log.append([ExportStory.telemetry("a", at: offset, isExpected[Int(offset)] ? #"{"t":1}"# : #"{"t":0}"#)])
        }
        var receipts: [(range: ClosedRange<Int64>, events: Int64)] = []
        for _ in 0..<60 {
            let first = Int64.random(in: 0..<390, using: &random)
            let range = first...min(399, first + Int64.random(in: 0...15, using: &random))
            let count = Int64(isExpected[Int(range.lowerBound)...Int(range.upperBound)].count { $0 })
            receipts.append((range, max(0, count - Int64.random(in: 0...1, using: &random))))
        }
        var notices = try ExportStory.notices()
        try notices.append(receipts.map { ExportStory.receipt($0.range, events: $0.events, at: 1000) })
        try ExportStory.project()
        try ExportStory.look(ExportStory.settings(perPass: Int64.random(in: 1...50, using: &random)))
        // Offsets of receipts that are short, where they are not wholly in others that are not.
        func isShort(_ receipt: (range: ClosedRange<Int64>, events: Int64)) -> Bool {
            isExpected[Int(receipt.range.lowerBound)...Int(receipt.range.upperBound)].count { $0 } > receipt.events
        }
        let whole = Set(receipts.filter { !isShort($0) }.flatMap { Array($0.range) })
        let doubtful = Set(receipts.filter { isShort($0) && !whole.isSuperset(of: $0.range) }.flatMap { Array($0.range) })
        let found = try ExportStory.gaps().filter { $0.certainty == "inferred" }
        let claimed = Set(
            (Int64(0)..<400).filter { offset in
                isExpected[Int(offset)]
                    && found.contains { $0.start <= ExportStory.time(offset) && $0.end.map { ExportStory.time(offset) < $0 } ?? true }
            })
        #expect(claimed == doubtful.filter { isExpected[Int($0)] })
        #expect(!claimed.isEmpty)
    }
}
