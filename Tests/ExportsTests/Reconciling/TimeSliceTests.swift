import Diagnostics
import Exports
import Testing

@Suite struct TimeSliceTests {
    @Test(arguments: [1, 2, 3, 7, 64]) func `each time is of one round, and of the same one whatever its microseconds`(count: Int) {
        let slices = (0..<count).map { TimeSlice(index: $0, count: count) }
        var held = Array(repeating: 0, count: count)
        for millisecond in Int64(-500)..<10_000 {
            let rounds = [0, 1, 999].map { part in
                slices.indices.filter { slices[$0].holds(Timestamp(microseconds: (1_700_000_000_000 + millisecond) * 1000 + part)) }
            }
            #expect(rounds[0].count == 1 && Set(rounds).count == 1)
            held[rounds[0][0]] += 1
        }
        // Events a millisecond apart, as a busy fleet sends them, are spread over the rounds.
        #expect(held.allSatisfy { $0 * count > 10_500 / 2 && $0 * count < 10_500 * 2 }, "\(held)")
    }
}
