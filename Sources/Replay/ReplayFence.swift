/// What keeps a replay exact when workers die, wake up late or meet. A value, so that a test can take a mechanism out and see its invariant fail.
package struct ReplayFence: Equatable, Sendable {
    /// Whether a chunk is taken in only from its newest claim, and only once.
    package var comparesClaim = true
    /// Whether a run is where a worker believes it to be before the worker moves it.
    package var comparesState = true
    /// Whether a promotion asks that the candidate be as far as the live generation.
    package var comparesProgress = true
    /// Whether a promotion asks that the pointer be where the run was planned against.
    package var comparesLive = true
    /// Where a worker dies; nowhere but in tests.
    package var diesAt: ReplayMoment?

    /// The fence that holds.
    package init() {}

    /// Dies where a test says so.
    func pass(_ moment: ReplayMoment) throws(ReplayError) {
        if diesAt == moment { throw ReplayError(.died, "The worker died at \(moment), as a test had it do.") }
    }
}

/// Moments at which it matters that a worker may die.
package enum ReplayMoment: String, Sendable, CaseIterable {
    /// A chunk is claimed and nothing is read.
    case claimed
    /// A chunk is folded and nothing is written.
    case folded
    /// A chunk is written and not committed.
    case written
    /// All chunks are done and the run has not moved on.
    case loaded
    /// The tables are built and compared, and not attached.
    case built
    /// The tables are attached and not committed.
    case attached
    /// The run has moved on and its partial rows are still there.
    case indexed
}
