import Diagnostics
import Testing

/// Receipts that count fewer events than they should.
struct ShortReceiptTests {
    private static func lines(_ receipts: [ExportChange], _ short: [ShortReceipt], _ others: [ExportChange] = [], asOf: Int64 = 1000) -> [String] {
        SampleHistory.lines(SampleHistory.history(receipts + others, short: short, asOf: asOf))
    }

    @Test func `a receipt that counts too few leaves a gap of which nobody knows the events`() throws {
        let receipts = [SampleHistory.receipt(10, 19, 30, events: 8)]
        #expect(Self.lines(receipts, [SampleHistory.short(10, 19, events: 8)]) == ["not-receipted inferred 10..19+ t/0 10-19"])
        let gap = try #require(
            GapFinder.gaps(in: SampleHistory.history(receipts, short: [SampleHistory.short(10, 19, events: 8)]), settings: GapSettings()).first)
        #expect(gap.evidence.contains("counts 8 events where the export should have sent 10"), "\(gap.evidence)")
    }

    @Test func `another receipt that has all of it decides, also in parts, and one that has a part of it does not`() {
        let short = [SampleHistory.short(10, 19, events: 8)]
        let receipt = SampleHistory.receipt(10, 19, 30, events: 8)
        #expect(Self.lines([receipt, SampleHistory.receipt(10, 19, 40, events: 10)], short) == [])
        #expect(Self.lines([receipt, SampleHistory.receipt(5, 25, 40)], short) == [])
        #expect(Self.lines([SampleHistory.receipt(15, 19, 40), SampleHistory.receipt(10, 14, 41), receipt], short) == [])
        #expect(
            Self.lines([SampleHistory.receipt(10, 14, 40), receipt, SampleHistory.receipt(16, 19, 41)], short)
                == ["not-receipted inferred 10..19+ t/0 10-19"])
        #expect(
            Self.lines([receipt, SampleHistory.receipt(10, 19, 40, partition: 1)], short) == ["not-receipted inferred 10..19+ t/0 10-19"],
            "another partition")
        #expect(Self.lines([SampleHistory.receipt(10, 19, 30, events: 9)], short) == [], "it is not the one that was looked at")
    }

    @Test func `short receipts that overlap are one gap, since nothing says whether they count the same events`() {
        let receipts = [
            SampleHistory.receipt(10, 19, 30, events: 8), SampleHistory.receipt(15, 24, 30, events: 3), SampleHistory.receipt(25, 30, 31, events: 1),
        ]
        let short = [
            SampleHistory.short(25, 30, events: 1), SampleHistory.short(15, 24, events: 3), SampleHistory.short(10, 19, events: 8),
        ]
        #expect(Self.lines(receipts, short) == ["not-receipted inferred 10..24+ t/0 10-24", "not-receipted inferred 25..30+ t/0 25-30"])
        let gaps = GapFinder.gaps(in: SampleHistory.history(receipts, short: short), settings: GapSettings())
        #expect(gaps.first?.evidence.contains("counts 3 events where the export should have sent 10") == true, "the one that lacks the most")
    }

    @Test func `it has the cause of the timeline where only one can be`() {
        let receipts = [SampleHistory.receipt(10, 59, 90, events: 8)]
        let short = [SampleHistory.short(10, 59, events: 8)]
        let off = [SampleHistory.change(.disabled, 20), SampleHistory.change(.enabled, 30)]
        #expect(Self.lines(receipts, short, off) == ["disabled inferred 10..59+ t/0 10-59", "disabled counted 20..30"])
        let failed = [SampleHistory.change(.failed, 40, since: 38), SampleHistory.change(.recovered, 50)]
        #expect(
            Self.lines(receipts, short, off + failed)
                == ["not-receipted inferred 10..59+ t/0 10-59", "disabled counted 20..30", "destination-failed counted 38..50"])
    }

    @Test func `what a comparison decides is in no doubt, and what is too young is in none yet`() {
        let receipts = [SampleHistory.receipt(10, 19, 30, events: 8)]
        let short = [SampleHistory.short(10, 19, events: 8)]
        let history = SampleHistory.history(receipts, short: short, reconciliations: [SampleHistory.stretch(1, 0, 60)])
        #expect(SampleHistory.lines(history) == [])
        let partly = SampleHistory.history(receipts, short: short, reconciliations: [SampleHistory.stretch(1, 0, 15)])
        #expect(SampleHistory.lines(partly) == ["not-receipted inferred 15..19+ t/0 10-19"])
        #expect(Self.lines(receipts, short, asOf: 31) == [])
        #expect(Self.lines(receipts, short, asOf: 32) == ["not-receipted inferred 10..19+ t/0 10-19"])
    }
}
