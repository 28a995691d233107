package import Diagnostics

/// How a run is worked on. Nothing in here changes what it says.
package struct ReplaySettings: Sendable {
    /// How long a chunk stays with a worker that is not heard of.
    package var lease: Duration = .seconds(60)
    /// How long a worker that has nothing to do waits before it looks again.
    package var pollInterval: Duration = .milliseconds(100)
    /// The part of its time that a worker works, above 0 to 1; for the rest it rests, so that ingest and the live projections keep theirs.
    package var share = 1.0
    /// Changes what was found in an event: for tests alone, which prove that a rule that is no pure function is caught.
    package var alteration: (@Sendable (inout [Finding], Int64) -> Void)?

    /// The defaults.
    package init() {}
}
