import Diagnostics
import EventLog

/// A checkpoint that a worker holds the lease of.
struct HeldCheckpoint {
    var checkpoint: Checkpoint
    /// What a generation judges by; nil for what no template touches, and until it is loaded.
    var context: GenerationContext?
    /// What the next event may repeat; nil for what nobody counts repetitions for, and until it is read.
    var repeats: RepeatWindow?
    /// How often in a row a batch of it has failed.
    var failures = 0
    /// How often in a row the batch's size may have been the reason.
    var failuresForSize = 0
    /// When to try again after a failure.
    var retryAt: ContinuousClock.Instant?

    init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }
}

/// A source that a worker holds: its checkpoints, and until when by the worker's own clock.
struct HeldSource {
    let source: Int32
    var checkpoints: [HeldCheckpoint] = []
    /// Earlier than the lease's end on the database's clock.
    var deadline: ContinuousClock.Instant

    /// The next checkpoints to move together: those that stand at the same offset share one read. After a failure each goes alone, so that one broken table
    /// does not hold up the others.
    func nextGroup(logEnd: Int64, controlSeq: Int64, now: ContinuousClock.Instant) -> [Int] {
        let ready = checkpoints.indices.filter { index in
            let held = checkpoints[index]
            return !held.checkpoint.isCaughtUp(logEnd: logEnd, controlSeq: controlSeq) && held.retryAt.map { $0 <= now } ?? true
        }
        guard let first = ready.min(by: { checkpoints[$0].checkpoint.nextOffset < checkpoints[$1].checkpoint.nextOffset }) else { return [] }
        if checkpoints[first].failures > 0 { return [first] }
        let offset = checkpoints[first].checkpoint.nextOffset
        // In the order in which a promotion locks the same rows.
        return ready.filter { checkpoints[$0].checkpoint.nextOffset == offset && checkpoints[$0].failures == 0 }
            .sorted { checkpoints[$0].checkpoint.key.generation < checkpoints[$1].checkpoint.key.generation }
    }

    /// When the earliest failed checkpoint is to be tried again.
    var nextRetry: ContinuousClock.Instant? { checkpoints.compactMap(\.retryAt).min() }
}
