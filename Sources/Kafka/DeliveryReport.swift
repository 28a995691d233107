/// What became of one record that was handed to the producer.
package struct DeliveryReport: Sendable {
    /// The number that `produce` was given for it.
    package var id: UInt64
    /// The partition it went to, or -1 if it never got that far.
    package var partition: Int32
    /// The offset the broker gave it; nil when it failed, or when `acks=0` asked for no answer.
    package var offset: Int64?
    /// Why it was not delivered; nil when it was.
    package var error: KafkaError?
    /// Whether the record may be in the log although `error` is set.
    package var persistence: Persistence

    /// What the client knows of a record's being stored.
    package enum Persistence: Sendable {
        /// It is certainly not in the log.
        case notPersisted
        /// It was sent and no answer came: it may be there.
        case possiblyPersisted
        /// The broker acknowledged it.
        case persisted
    }
}

/// How many records were reported on.
package struct DeliveryCounts: Hashable, Sendable {
    package var delivered: UInt64
    package var failed: UInt64

    package init(delivered: UInt64 = 0, failed: UInt64 = 0) {
        self.delivered = delivered
        self.failed = failed
    }
}
