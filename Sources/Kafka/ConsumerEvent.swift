/// What a consumer learns beside records.
package enum ConsumerEvent: Sendable {
    /// The group gives or takes partitions. It must be answered with `Consumer.complete(_:startingAt:)` before anything else is consumed.
    case rebalance(Rebalance)
    /// The last record there is now was handed out: `offset` is the one the next record will get. It counts offsets that hold no record for a reader, such as
    /// transaction markers, so it may be beyond the last record's offset + 1.
    case partitionEnd(TopicPartition, offset: Int64)
    /// The broker does not hold the offset that reading stood at: retention removed it, or the topic is not the one it was. Reading the partition has stopped until
    /// `seek` or a new assignment names another start. `offset` is the one refused, where the client library tells.
    case offsetOutOfRange(TopicPartition, offset: Int64?, KafkaError)
    /// Something else went wrong; reading goes on by itself unless the error is fatal.
    case error(KafkaError)
}

/// Partitions that the group gives to this consumer or takes from it.
package struct Rebalance: Hashable, Sendable {
    /// Which way.
    package var kind: Kind
    /// The partitions it is about; the others stay as they are when `isCooperative`, and with an eager group there are no others.
    package var partitions: [TopicPartition]
    /// Whether the group changes owners step by step (cooperative) instead of taking everything from everyone first (eager).
    package var isCooperative: Bool

    package init(kind: Kind, partitions: [TopicPartition], isCooperative: Bool) {
        self.kind = kind
        self.partitions = partitions
        self.isCooperative = isCooperative
    }

    /// What happens to the partitions.
    package enum Kind: Hashable, Sendable {
        /// They are this consumer's from now on.
        case assigned
        /// They are to be given back: what was consumed can still be committed.
        case revoked
        /// They are gone already, because the consumer fell out of the group: another member may be reading them. Nothing may be committed for them.
        case lost
    }
}

/// One poll's outcome.
package enum ConsumerPoll: ~Copyable {
    /// A record.
    case message(ConsumerMessage)
    /// Something else.
    case event(ConsumerEvent)
    /// Nothing came in the time given.
    case nothing
}
