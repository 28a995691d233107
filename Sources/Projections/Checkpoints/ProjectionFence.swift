/// What keeps a second writer from a checkpoint. A value, so that a test can take a mechanism out and see its invariant fail.
package struct ProjectionFence: Equatable, Sendable {
    /// Whether the checkpoint must stand where the writer believes it to stand, in offsets and in control events.
    package var comparesOffset = true
    /// Whether the writer's lease must be the newest one.
    package var comparesEpoch = true
    /// Whether taking a checkpoint over makes the earlier owner's lease void.
    package var raisesEpoch = true

    /// The fence that holds.
    package init() {}
}
