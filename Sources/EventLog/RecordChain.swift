package import Diagnostics
package import Hashing
import JSON

/// The hash chain over a source's records: SHA-256 per batch, each over the one before.
///
/// The bytes under the hash, integers big-endian:
///
///     previous SHA-256 (32) | source id (4)
///     per record: offset (8) | timestamp type (1) | timestamp in microseconds since 1970, -2^63 for none (8)
///                 key length (4), key | headers length (4), headers | value length (4), value      a null has length -1 and no bytes
///     number of records (4)
///
/// Headers are in the layout of `HeaderBytes`. What is not under the hash is the index: it is made from these bytes and may be made again.
package struct RecordChain: ~Copyable {
    private let rule: ChainRule
    private var hash = SHA256()
    private var count: Int32 = 0

    /// A chain without a batch under way. The rule is a parameter for tests alone.
    package init(rule: ChainRule = ChainRule()) { self.rule = rule }

    /// Begins a batch. What was under way is forgotten.
    package mutating func begin(previous: SHA256Digest, source: Int32) {
        _ = hash.finish()
        if rule.coversPrevious { hash.update(previous) }
        hash.update(source)
        count = 0
    }

    /// Takes the next record in.
    package mutating func append(_ record: borrowing RecordView, offset: Int64, timestampType: TimestampType) {
        hash.update(offset)
        hash.update(UInt8(timestampType.rawValue))
        hash.update(record.brokerTime?.microseconds ?? Int64.min)
        update(record.key)
        update(record.headers)
        if rule.coversPayload { update(record.payload) }
        count += 1
    }

    /// Ends the batch.
    package mutating func finish() -> SHA256Digest {
        hash.update(count)
        return hash.finish()
    }

    private mutating func update(_ bytes: RawSpan?) {
        if let bytes {
            hash.update(Int32(bytes.byteCount))
            hash.update(bytes)
        } else {
            hash.update(Int32(-1))
        }
    }
}

/// What the hash covers. A value, so that a test can leave something out and see its invariant fail.
package struct ChainRule: Equatable, Sendable {
    /// Whether a batch's hash covers the one before.
    package var coversPrevious = true
    /// Whether it covers the records' values.
    package var coversPayload = true

    /// The rule that holds.
    package init() {}
}

/// What a record's timestamp means (Kafka's `timestampType`).
package enum TimestampType: Int16, Sendable {
    /// The record has none.
    case notAvailable = 0
    /// The producer's clock.
    case create = 1
    /// The broker's clock.
    case logAppend = 2
}
