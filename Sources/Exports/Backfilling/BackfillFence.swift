/// What keeps a backfill exact when processes die, wake up late or meet. A value, so that a test can take a mechanism out and see its invariant fail.
package struct BackfillFence: Equatable, Sendable {
    /// Whether a chunk is counted only for the newest owner.
    package var comparesOwner = true
    /// Where the worker dies; nowhere but in tests.
    package var diesAt: BackfillMoment?

    /// The fence that holds.
    package init() {}

    /// Dies where a test says so.
    func pass(_ moment: BackfillMoment) throws(ExportJobError) {
        if diesAt == moment { throw ExportJobError(.died, "The worker died at \(moment), as a test had it do.") }
    }
}

/// Moments at which it matters that a worker may die.
package enum BackfillMoment: String, Sendable, CaseIterable {
    /// A chunk is read and nothing is sent.
    case read
    /// A chunk is delivered and not counted.
    case delivered
    /// A chunk is counted and the next one not begun.
    case counted
}
