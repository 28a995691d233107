import Diagnostics
import Testing

@testable import Exports

@Suite("What has to be read to follow changed evidence") struct OffsetRangesTests {
    @Test func `what two ranges have and lack, offset by offset`() {
        var random = SeededRandom(seed: 7)
        func range() -> Range<Int64> {
            let first = Int64.random(in: 0...12, using: &random)
            return first..<Int64.random(in: first...14, using: &random)
        }
        for _ in 0..<500 {
            let (a, b) = (OffsetRanges(range(), except: range()), OffsetRanges(range(), except: range()))
            func set(_ ranges: OffsetRanges) -> Set<Int64> { Set(ranges.ranges.flatMap { Array($0) }) }
            #expect(set(a.subtracting(b)) == set(a).subtracting(set(b)))
            #expect(set(a.intersection(b)) == set(a).intersection(set(b)))
        }
    }

    @Test func `the steps from one extent to another add and take away each place as often as it has to be`() {
        var random = SeededRandom(seed: 8)
        func extent() -> CountedExtent {
            let first = Int64.random(in: 0...4, using: &random)
            let except = Int64.random(in: 0...8, using: &random)
            return CountedExtent(
                first: first, next: Int64.random(in: 0...10, using: &random),
                except: Bool.random(using: &random) ? except..<Int64.random(in: except...10, using: &random) : nil,
                end: Bool.random(using: &random) ? Timestamp(microseconds: Int64.random(in: 0...6, using: &random)) : nil)
        }
        let start = Timestamp(microseconds: 2)
        func holds(_ extent: CountedExtent, _ offset: Int64, _ time: Int64) -> Int64 {
            let isTime = time >= 2 && extent.end.map { time < $0.microseconds } ?? true
            return isTime && extent.offsets.ranges.contains { $0.contains(offset) } ? 1 : 0
        }
        for _ in 0..<500 {
            let (old, new) = (extent(), extent())
            let steps = CountedExtent.steps(from: old, to: new, start: start)
            for offset in Int64(0)...10 {
                for time in Int64(0)...8 {
                    let here = steps.filter { $0.offsets.contains(offset) && $0.times.contains(Timestamp(microseconds: time)) }
                    let change = here.map(\.sign).reduce(0, +)
                    #expect(holds(old, offset, time) + change == holds(new, offset, time))
                }
            }
        }
    }
}
