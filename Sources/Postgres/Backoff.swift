/// How long to wait before trying again: longer each time, up to a limit, and spread at random so that many clients do not return at once.
package struct Backoff: Hashable, Sendable {
    /// The wait after the first failure, before jitter.
    package var initial: Duration
    /// The longest wait.
    package var maximum: Duration
    /// What each further failure multiplies the wait by.
    package var multiplier: Double
    /// The part of the wait that chance decides, from 0 (none of it) to 1 (all of it).
    package var jitter: Double

    /// A policy; the defaults wait 50 ms to 100 ms at first and 5 s to 10 s in the end.
    package init(initial: Duration = .milliseconds(100), maximum: Duration = .seconds(10), multiplier: Double = 2, jitter: Double = 0.5) {
        precondition(initial >= .zero && maximum >= initial && multiplier >= 1 && (0...1).contains(jitter), "Cannot back off by such a policy")
        self.initial = initial
        self.maximum = maximum
        self.multiplier = multiplier
        self.jitter = jitter
    }

    /// The wait before an attempt.
    ///
    /// - Parameters:
    ///   - attempt: how many attempts have failed; nothing is waited for at 0.
    ///   - random: a number from 0 to below 1, drawn by the caller.
    package func delay(afterFailures attempt: Int, random: Double) -> Duration {
        guard attempt > 0 else { return .zero }
        var delay = initial
        for _ in 1..<attempt {
            if delay >= maximum { break }
            delay = delay * multiplier
        }
        if delay > maximum { delay = maximum }
        return delay * (1 - jitter * random)
    }
}
