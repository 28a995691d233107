package import Diagnostics

/// Numbers runs of missing events: to be fed with every expected event of a route, in the order of event time, and told which of them are missing.
///
/// A run goes on as long as no event arrived in between, or for no longer than the grace period. Events that are not JSON are runs of their own, beside the others:
/// the service keeps each of them for a reason that has nothing to do with its neighbours, so all of them within a stretch that has arrivals are told apart
/// by the same rule.
package struct MissingRuns: Sendable {
    private struct Open: Sendable {
        var number: Int32
        var last: Timestamp
        var isInterrupted = false
    }

    private let grace: Int64
    private var missing: Open?
    private var malformed: Open?
    private var next: Int32 = 1

    /// No run yet.
    ///
    /// - Parameter grace: in microseconds.
    package init(grace: Int64) { self.grace = grace }

    /// An event that arrived.
    package mutating func delivered() {
        missing?.isInterrupted = true
        malformed?.isInterrupted = true
    }

    /// An event that did not arrive; says the number of its run, from 1.
    package mutating func missing(at time: Timestamp, isMalformed: Bool) -> Int32 {
        var run = isMalformed ? malformed : missing
        if let open = run, !open.isInterrupted || time.microseconds - open.last.microseconds <= grace {
            run = Open(number: open.number, last: time)
        } else {
            run = Open(number: next, last: time)
            next += 1
        }
        if isMalformed { malformed = run } else { missing = run }
        return run?.number ?? 0
    }
}
