import Diagnostics
import Testing

/// What comparisons, receipts and silence show, and which of them decides.
struct GapFinderTests {
    private static let off = [
        SampleHistory.change(.defined, 0, isImported: true), SampleHistory.change(.disabled, 100), SampleHistory.change(.enabled, 200),
    ]

    @Test func `what a comparison finds missing is a gap, run by run, with the cause of the window that it lies in`() {
        let found = SampleHistory.stretch(7, 0, 400, SampleHistory.run(20, 25), SampleHistory.run(100, 199), SampleHistory.run(300, 300))
        #expect(
            SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [found])) == [
                "not-delivered reconciled 20..25+ #7", "disabled reconciled 100..199+ #7", "not-delivered reconciled 300..300+ #7",
            ])
    }

    @Test func `where a comparison finds nothing missing there is no gap, whatever the timeline says`() {
        #expect(SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [SampleHistory.stretch(1, 0, 400)])) == [])
        #expect(
            SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [SampleHistory.stretch(1, 120, 150)]))
                == ["disabled counted 100..120", "disabled counted 150..200"])
    }

    @Test func `a comparison decides nothing that had no time to arrive before it`() {
        let young = SampleHistory.stretch(1, 0, 400, asOf: 150, SampleHistory.run(100, 149))
        #expect(
            SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [young])) == [
                "disabled reconciled 100..148 #1", "disabled counted 148..200",
            ])
    }

    @Test func `the newest of several comparisons decides`() {
        let first = SampleHistory.stretch(1, 0, 400, asOf: 500, SampleHistory.run(100, 199))
        let second = SampleHistory.stretch(2, 100, 150, asOf: 600)
        #expect(SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [first, second])) == ["disabled reconciled 150..199+ #1"])
        #expect(SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [second, first])) == ["disabled reconciled 150..199+ #1"])
        let third = SampleHistory.stretch(3, 0, 400, asOf: 700)
        #expect(SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [first, third, second])) == [])
    }

    @Test func `what was under way when a window began or ended shares its cause`() {
        let found = SampleHistory.stretch(1, 0, 400, SampleHistory.run(98, 201))
        #expect(SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [found])) == ["disabled reconciled 98..201+ #1"])
        let more = SampleHistory.stretch(1, 0, 400, SampleHistory.run(90, 210))
        #expect(
            SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [more])) == [
                "not-delivered reconciled 90..98 #1", "disabled reconciled 98..202 #1", "not-delivered reconciled 202..210+ #1",
            ])
    }

    @Test func `runs that are no further apart than the grace period are one gap`() {
        let found = SampleHistory.stretch(1, 0, 400, SampleHistory.run(10, 12), SampleHistory.run(14, 15), SampleHistory.run(20, 21))
        #expect(
            SampleHistory.lines(SampleHistory.history([], reconciliations: [found])) == [
                "not-delivered reconciled 10..15+ #1", "not-delivered reconciled 20..21+ #1",
            ])
    }

    @Test func `events that are not JSON are gaps of their own`() {
        let found = SampleHistory.stretch(1, 0, 400, SampleHistory.run(110, 120), SampleHistory.run(110, 130, isMalformed: true))
        #expect(
            SampleHistory.lines(SampleHistory.history(Self.off, reconciliations: [found])) == [
                "disabled reconciled 110..120+ #1", "malformed reconciled 110..130+ #1",
            ])
        #expect(
            SampleHistory.lines(
                SampleHistory.history(
                    [SampleHistory.receipt(0, 9, 50), SampleHistory.receipt(20, 30, 60)],
                    holes: [SampleHistory.hole(10, 19, SampleHistory.run(40, 41, isMalformed: true))])) == ["malformed receipted 40..41+ t/0 10-19"])
    }

    @Test func `what receipts leave out between the first and the last of a partition is a gap`() {
        let receipts = [
            SampleHistory.receipt(0, 9, 10), SampleHistory.receipt(20, 30, 30), SampleHistory.receipt(5, 12, 31),
            SampleHistory.receipt(40, 50, 32, partition: 1),
        ]
        let cover = ReceiptCover(receipts)
        #expect(cover.holes == [ReceiptRange(topic: "t", partition: 0, firstOffset: 13, lastOffset: 19)])
        #expect(cover.spans.map(\.firstOffset) == [0, 40] && cover.spans.map(\.lastOffset) == [30, 50])
        #expect(
            SampleHistory.lines(SampleHistory.history(receipts, holes: [SampleHistory.hole(13, 19, SampleHistory.run(15, 18))]))
                == ["not-receipted receipted 15..18+ t/0 13-19"])
        // Without expected events nothing is missing, and a hole that is closed by now is none.
        #expect(SampleHistory.lines(SampleHistory.history(receipts, holes: [SampleHistory.hole(13, 19)])) == [])
        #expect(SampleHistory.lines(SampleHistory.history(receipts, holes: [SampleHistory.hole(12, 19, SampleHistory.run(15, 18))])) == [])
    }

    @Test func `what receipts leave out has the cause of the window that it lies in, and the window leaves it and what they have to them`() throws {
        let receipts = [SampleHistory.receipt(0, 99, 99), SampleHistory.receipt(200, 299, 300)]
        let history = SampleHistory.history(Self.off + receipts, holes: [SampleHistory.hole(100, 199, SampleHistory.run(100, 199))])
        #expect(SampleHistory.lines(history) == ["disabled counted 100..200", "disabled receipted 100..199+ t/0 100-199"])
        let gaps = GapFinder.gaps(in: history, settings: GapSettings())
        func holders(_ minute: Int64, offset: Int64, partition: Int32 = 0) -> [GapCertainty] {
            gaps.filter {
                $0.holds(time: SampleHistory.at(minute), topic: "t", partition: partition, offset: offset, isMalformed: false)
            }.map(\.certainty)
        }
        #expect(holders(150, offset: 150) == [.receipted])
        #expect(holders(101, offset: 99) == [])
        #expect(holders(150, offset: 150, partition: 1) == [.counted])
        #expect(holders(250, offset: 150) == [])
        let longer = SampleHistory.history(Self.off + receipts, holes: [SampleHistory.hole(100, 199, SampleHistory.run(50, 250))])
        #expect(
            SampleHistory.lines(longer) == [
                "not-receipted receipted 50..98 t/0 100-199", "disabled receipted 98..202 t/0 100-199", "disabled counted 100..200",
                "not-receipted receipted 202..250+ t/0 100-199",
            ])
    }

    @Test func `a comparison decides over receipts, and what is too young is left out`() {
        let receipts = [SampleHistory.receipt(0, 9, 10), SampleHistory.receipt(20, 30, 30)]
        let holes = [SampleHistory.hole(10, 19, SampleHistory.run(12, 25))]
        #expect(
            SampleHistory.lines(SampleHistory.history(receipts, holes: holes, reconciliations: [SampleHistory.stretch(1, 0, 20)]))
                == ["not-receipted receipted 20..25+ t/0 10-19"])
        #expect(SampleHistory.lines(SampleHistory.history(receipts, holes: holes, asOf: 20)) == ["not-receipted receipted 12..18 t/0 10-19"])
        #expect(SampleHistory.lines(SampleHistory.history(receipts, holes: holes, asOf: 14)) == [])
    }

    @Test func `silence of a bound source is a gap where nothing else explains it`() {
        func lines(_ changes: [ExportChange], _ from: Int64, _ to: Int64, isBound: Bool = true) -> [String] {
            SampleHistory.lines(
                SampleHistory.history(changes, silences: [SampleHistory.at(from)..<SampleHistory.at(to)], isBound: isBound, asOf: 500))
        }
        #expect(lines([], 100, 200) == ["source-silent inferred 100..200"])
        #expect(lines([], 100, 200, isBound: false) == [])
        #expect(lines([], 100, 500) == ["source-silent inferred 100.."])
        #expect(lines([], 490, 500) == [])
        #expect(lines(Self.off, 99, 201) == ["disabled inferred 100..200"])
        #expect(lines(Self.off, 99, 300) == ["disabled inferred 100..200", "source-silent inferred 202..300"])
        #expect(lines(Self.off, 90, 210) == ["disabled inferred 100..200"])
    }

    @Test func `routes that fall silent together are one gap`() {
        func silence(_ export: String, _ from: Int64, _ to: Int64, tenant: String = "app") -> FoundGap {
            FoundGap(
                route: ExportRoute(tenant: tenant, exportID: export, destinationID: "d"), cause: .sourceSilent, certainty: .inferred,
                start: SampleHistory.at(from), end: SampleHistory.at(to), evidence: "")
        }
        let routes = ["a", "b"].map { ExportRoute(tenant: "app", exportID: $0, destinationID: "d") }
        let lone = ExportRoute(tenant: "other", exportID: "a", destinationID: "d")
        let together = GapFinder.joined(
            [silence("a", 10, 50), silence("b", 12, 55), silence("b", 80, 99), silence("a", 10, 50, tenant: "other")], boundRoutes: routes + [lone])
        #expect(
            together.map { "\($0.route.tenant)/\($0.route.exportID)/\($0.route.destinationID) " + SampleHistory.line($0) } == [
                "app// source-silent inferred 10..55", "app/b/d source-silent inferred 80..99", "other/a/d source-silent inferred 10..50",
            ])
        let apart = [silence("a", 10, 50), silence("b", 60, 70)]
        #expect(GapFinder.joined(apart, boundRoutes: routes) == apart)
    }

    @Test func `the same evidence has the same name, whatever the cause and the end turn out to be`() {
        var gap = FoundGap(
            route: SampleHistory.route, cause: .disabled, certainty: .counted, start: SampleHistory.at(10), end: nil, evidence: "")
        let name = GapID.of(gap)
        #expect(name.utf8.count == 16 && name.allSatisfy { "0123456789abcdef".contains($0) })
        gap.end = SampleHistory.at(20)
        gap.cause = .destinationFailed
        #expect(GapID.of(gap) == name)
        var others: Set<String> = [name]
        gap.extent = .listed(reconciliation: 1)
        let listed = GapID.of(gap)
        others.insert(listed)
        gap.extent = .listed(reconciliation: 2)
        #expect(GapID.of(gap) == listed)
        gap.cause = .malformed
        others.insert(GapID.of(gap))
        for (topic, partition, first) in [("t", 0, 1), ("t", 1, 1), ("u", 0, 1), ("t", 0, 2)] as [(String, Int32, Int64)] {
            gap.extent = .offsets(topic: topic, partition: partition, first: first, last: 9)
            others.insert(GapID.of(gap))
        }
        gap.route = ExportRoute(tenant: "ap", exportID: "pe", destinationID: "d")
        others.insert(GapID.of(gap))
        gap.start = SampleHistory.at(11)
        others.insert(GapID.of(gap))
        #expect(others.count == 9)
    }
}
