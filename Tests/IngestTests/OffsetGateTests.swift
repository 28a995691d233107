import Testing

@testable import Ingest

@Suite struct OffsetGateTests {
    @Test func `consecutive offsets are taken`() {
        var gate = OffsetGate(expected: 5)
        #expect(gate.admit(5) == .take)
        #expect(gate.admit(6) == .take)
        #expect(gate.expected == 7)
    }

    @Test func `an offset that was taken is compared with the log`() {
        var gate = OffsetGate(expected: 5)
        #expect(gate.admit(4) == .compare)
        #expect(gate.admit(0) == .compare)
        #expect(gate.expected == 5)
    }

    @Test func `a jump is believed when reading again gives the same record`() {
        var gate = OffsetGate(expected: 5)
        #expect(gate.admit(8) == .seek(to: 5))
        #expect(gate.expected == 5)
        #expect(gate.isSeeking)
        #expect(gate.admit(8) == .takeAfterJump)
        #expect(!gate.isSeeking)
        #expect(gate.admit(9) == .take)
    }

    @Test func `a jump that reading again disproves loses nothing`() {
        var gate = OffsetGate(expected: 5)
        #expect(gate.admit(8) == .seek(to: 5))
        #expect(gate.admit(5) == .take)
        #expect(gate.admit(6) == .take)
        // The next jump has to prove itself again.
        #expect(gate.admit(9) == .seek(to: 7))
    }

    @Test func `a source whose jumps proved real is believed at once`() {
        var gate = OffsetGate(expected: 0)
        var offset: Int64 = 0
        for _ in 0..<OffsetGate.proofs {
            offset += 2
            #expect(gate.admit(offset) == .seek(to: offset - (offset == 2 ? 2 : 1)))
            #expect(gate.admit(offset) == .takeAfterJump)
        }
        #expect(gate.isJumpy)
        offset += 2
        #expect(gate.admit(offset) == .takeAfterJump)
    }

    @Test func `the end of a partition and a rewind move what is expected`() {
        var gate = OffsetGate(expected: 5)
        gate.pass(to: 9)
        #expect(gate.expected == 9)
        gate.pass(to: 3)
        #expect(gate.expected == 9, "never back")
        gate.rewind(to: 5)
        #expect(gate.expected == 5)
    }
}
