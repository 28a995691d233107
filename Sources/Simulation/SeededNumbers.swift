/// Random numbers that a seed decides: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), which gives unrelated streams for neighbouring seeds.
package struct SeededNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the stream of a seed.
    package init(seed: UInt64) { state = seed }

    /// Starts the stream of one place within a seed, such as one message of one device, so that places can be visited in any order.
    package init(seed: UInt64, _ place: UInt64...) {
        var stream = SeededNumbers(seed: seed)
        for part in place { stream = SeededNumbers(seed: stream.next() ^ part) }
        state = stream.next()
    }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
