/// What the compare-and-swap of an append compares. A value, so that a test can take a comparison out and see its invariant fail.
package struct AppendFence: Equatable, Sendable {
    /// Whether the cursor must stand where the writer believes it to stand.
    package var comparesOffset = true
    /// Whether the writer's claim must be the newest one.
    package var comparesEpoch = true

    /// The fence that holds.
    package init() {}
}
