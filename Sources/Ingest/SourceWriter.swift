import Diagnostics
import EventLog
import Kafka

/// One source that this process writes: its claim, the batch under way, and where reading stands.
final class SourceWriter {
    let partition: TopicPartition
    let settings: SourceSettings
    var claim: SourceClaim
    var batch: EventBatch
    var gate: OffsetGate
    /// When the first record of the batch came.
    var batchBegan: ContinuousClock.Instant?
    /// The partition's end as reading met it; offsets up to it hold nothing that was not read.
    var reachedEnd: Int64?
    /// The broker's end as last heard.
    var endOffset: Int64?
    /// The poll in which a seek was asked for: what else it brought is void.
    var voidPoll: UInt64?
    /// The offset that Kafka was last told of, and when.
    var committed: (offset: Int64, at: ContinuousClock.Instant)?

    init(partition: TopicPartition, settings: SourceSettings, claim: SourceClaim) {
        self.partition = partition
        self.settings = settings
        self.claim = claim
        batch = EventBatch(source: claim.source)
        gate = OffsetGate(expected: claim.nextOffset)
    }

    /// The first offset that neither the log nor the batch holds.
    var nextOffset: Int64 { batch.count > 0 ? batch.lastOffset + 1 : claim.nextOffset }

    /// Whether everything that was read is in the log, and reading has met the end.
    var isAtEnd: Bool { batch.count == 0 && reachedEnd.map { $0 <= claim.nextOffset } ?? false }

    /// Forgets what was not appended; it will be read again from where the log ends.
    func rewind(to claim: SourceClaim) {
        self.claim = claim
        batch.removeAll()
        batchBegan = nil
        reachedEnd = nil
        voidPoll = nil
        gate.rewind(to: claim.nextOffset)
    }
}
