package import Diagnostics

/// One of several equal parts of all events, by their time: where a destination has more than memory holds, it is compared in as many rounds.
///
/// By time and not by content, so that all messages of one event are of one round.
package struct TimeSlice: Sendable {
    /// Which round, from 0.
    package let index: Int
    /// How many there are.
    package let count: Int

    /// Takes both.
    package init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    /// Whether an event of this time is of this round. Messages tell whole milliseconds, so anything finer does not count.
    package func holds(_ time: Timestamp) -> Bool {
        guard count > 1 else { return true }
        // Neighbouring milliseconds go into different rounds: a multiplication by 2^64 over the golden ratio spreads them (Knuth, volume 3, 6.4).
        let spread = UInt64(bitPattern: time.wholeMilliseconds.microseconds / 1000) &* 0x9E37_79B9_7F4A_7C15
        return spread.multipliedFullWidth(by: UInt64(count)).high == UInt64(index)
    }
}
