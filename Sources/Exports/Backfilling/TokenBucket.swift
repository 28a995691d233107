/// How many events may go at a time: tokens flow in at a rate, and whoever sends takes them out, into debt if need be.
///
/// A value that is told the time, so that no test has to wait.
package struct TokenBucket: Sendable {
    /// Events a second.
    private let rate: Double
    private var tokens: Double
    private var last: Duration

    /// A bucket with a second's worth of tokens.
    ///
    /// - Parameters:
    ///   - rate: events a second, above 0.
    ///   - now: the time since any instant.
    package init(rate: Double, now: Duration) {
        precondition(rate > 0, "Cannot send at no rate")
        self.rate = rate
        tokens = max(1, rate)
        last = now
    }

    /// Takes tokens and says how long to wait before sending what they are for.
    package mutating func take(_ count: Int, now: Duration) -> Duration {
        let passed = max(0, (now - last).seconds)
        last = max(last, now)
        tokens = min(max(1, rate), tokens + passed * rate) - Double(count)
        return tokens >= 0 ? .zero : .seconds(-tokens / rate)
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
