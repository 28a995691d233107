import CRdKafka

/// One record as the client library holds it; its bytes are looked at where they lie.
///
/// Owns librdkafka's message and gives it back when it goes. A batch of them may be kept, but every one must be gone before the consumer is closed.
@safe package struct ConsumerMessage: ~Copyable {
    private let pointer: UnsafeMutablePointer<rd_kafka_message_t>
    /// Which topic, as a small number: `Consumer.topicName(_:)` has its name. The same topic has the same number for the consumer's whole life.
    package let topicIndex: Int

    init(_ pointer: UnsafeMutablePointer<rd_kafka_message_t>, topicIndex: Int) {
        unsafe self.pointer = pointer
        self.topicIndex = topicIndex
    }

    deinit { unsafe rd_kafka_message_destroy(pointer) }

    /// The partition within the topic.
    package var partition: Int32 { unsafe pointer.pointee.partition }

    /// The record's offset in its partition.
    package var offset: Int64 { unsafe pointer.pointee.offset }

    /// The record's key; nil for none, which differs from an empty one.
    package var key: RawSpan? {
        @_lifetime(borrow self)
        get { unsafe span(pointer.pointee.key, pointer.pointee.key_len) }
    }

    /// The record's value; nil for a null value (a tombstone), which differs from an empty one.
    package var value: RawSpan? {
        @_lifetime(borrow self)
        get { unsafe span(pointer.pointee.payload, pointer.pointee.len) }
    }

    /// The record's time, and who set it.
    package var timestamp: RecordTimestamp {
        var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let milliseconds = unsafe rd_kafka_message_timestamp(pointer, &type)
        return switch type {
        case RD_KAFKA_TIMESTAMP_CREATE_TIME: RecordTimestamp(kind: .create, milliseconds: milliseconds)
        case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME: RecordTimestamp(kind: .logAppend, milliseconds: milliseconds)
        default: RecordTimestamp(kind: .notAvailable, milliseconds: milliseconds)
        }
    }

    /// The record's headers, in its order, repeated names included.
    package var headers: RecordHeaders {
        @_lifetime(borrow self)
        get {
            var list: OpaquePointer?
            // "No such header list" and a list that cannot be parsed both leave nil: librdkafka refuses a whole fetch that does not parse.
            _ = unsafe rd_kafka_message_headers(pointer, &list)
            return unsafe _overrideLifetime(RecordHeaders(list), borrowing: self)
        }
    }

    @_lifetime(borrow self)
    private func span(_ start: UnsafeMutableRawPointer?, _ count: Int) -> RawSpan? {
        guard let start = unsafe start else { return nil }
        return unsafe _overrideLifetime(RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count), borrowing: self)
    }
}

/// A record's time as Kafka stores it.
package struct RecordTimestamp: Hashable, Sendable {
    /// Who set it.
    package var kind: Kind
    /// Milliseconds since 1970-01-01T00:00:00Z; -1 where it is not available.
    package var milliseconds: Int64

    package init(kind: Kind, milliseconds: Int64) {
        self.kind = kind
        self.milliseconds = milliseconds
    }

    /// Who set a record's time: KIP-32's timestamp types, numbered as there.
    package enum Kind: Int8, Hashable, Sendable {
        /// The record has no time (message formats before KIP-32).
        case notAvailable = -1
        /// The producer did.
        case create = 0
        /// The broker did, when it appended the record.
        case logAppend = 1
    }
}
