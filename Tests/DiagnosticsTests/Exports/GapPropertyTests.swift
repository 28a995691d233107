import Diagnostics
import Testing

/// Random histories, each judged instant by instant by code that knows nothing of windows.
struct GapPropertyTests {
    @Test(arguments: 0..<400) func `each event is in the gap that the rules give it, and in one at most`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let sample = RandomHistory(by: &random)
        let gaps = GapFinder.gaps(in: sample.history, settings: GapSettings())
        let naive = NaiveJudge(sample)
        for event in sample.events {
            let holders = gaps.filter {
                guard $0.holds(time: event.time, topic: "t", partition: event.partition, offset: event.offset, isMalformed: event.isMalformed) else {
                    return false
                }
                guard case .listed(let number) = $0.extent else { return true }
                return sample.missing[number]?.contains(event) ?? false
            }
            let found = holders.map { "\($0.cause.rawValue) \($0.certainty.rawValue)" }
            let expected = naive.verdict(event).map { [$0] } ?? []
            #expect(found == expected, "seed \(seed), event \(event), gaps \(gaps.map(SampleHistory.line))")
            if found != expected { return }
        }
        // No gap is empty but those of the timeline, and the names of gaps differ.
        #expect(Set(gaps.map(GapID.of)).count == gaps.count)
        #expect(gaps.allSatisfy { gap in gap.end.map { gap.start < $0 } ?? true }, "\(seed)")
        #expect(gaps.allSatisfy { !$0.evidence.isEmpty && $0.start <= sample.history.asOf })
    }

    @Test(arguments: 400..<600) func `the order of the evidence means nothing`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var history = RandomHistory(by: &random, hasEqualTimes: true).history
        let gaps = GapFinder.gaps(in: history, settings: GapSettings())
        let timeline = ExportTimeline(history)
        for _ in 0..<5 {
            history.changes.shuffle(using: &random)
            history.holes.shuffle(using: &random)
            history.shortReceipts.shuffle(using: &random)
            history.reconciliations.shuffle(using: &random)
            for index in history.reconciliations.indices { history.reconciliations[index].runs.shuffle(using: &random) }
            history.silences.shuffle(using: &random)
            #expect(GapFinder.gaps(in: history, settings: GapSettings()) == gaps)
            #expect(ExportTimeline(history) == timeline)
        }
    }

    @Test(arguments: 600..<800) func `the timeline covers all of time, and gaps of one sort never overlap`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let history = RandomHistory(by: &random, hasEqualTimes: true).history
        let intervals = ExportTimeline(history).intervals
        #expect(intervals.first?.from == .earliest && intervals.last?.to == nil)
        #expect(zip(intervals, intervals.dropFirst()).allSatisfy { $0.to == $1.from && $0.from < $1.from })
        let gaps = GapFinder.gaps(in: history, settings: GapSettings()).filter { $0.cause != .malformed }
        for (index, gap) in gaps.enumerated() {
            for other in gaps[(index + 1)...] {
                let isApart = (gap.end.map { $0 <= other.start } ?? false) || (other.end.map { $0 <= gap.start } ?? false)
                if isApart { continue }
                // Only what receipts decide may lie in the same time: other offsets, which the other leaves to it.
                var isOfReceipts = false
                if case .offsets = gap.extent { isOfReceipts = true }
                guard case .offsets(let topic, let partition, let first, _) = isOfReceipts ? gap.extent : other.extent else {
                    Issue.record("seed \(seed): \(SampleHistory.line(gap)) overlaps \(SampleHistory.line(other))")
                    continue
                }
                let rest = isOfReceipts ? other : gap
                #expect(!rest.holds(time: max(gap.start, other.start), topic: topic, partition: partition, offset: first, isMalformed: false))
            }
        }
    }
}
