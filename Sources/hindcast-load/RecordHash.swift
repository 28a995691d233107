import Diagnostics
import Hashing
import JSON

/// The hash of one record, the one thing that the sender and the reader of the log agree upon.
///
/// The bytes under the first hash, integers big-endian:
///
///     timestamp in microseconds since 1970, -2^63 for none (8)
///     key length (4), key | headers length (4), headers | value length (4), value      a null has length -1 and no bytes
///
/// Headers are the log's layout of them. The second hash is over the first one (32) and the record's offset (8): a sender learns the offset when its record
/// was delivered, and need not keep the record until then.
enum RecordHash {
    /// The hash of what a record holds.
    static func content(
        key: RawSpan?, headers: RawSpan, value: RawSpan?, microseconds: Int64?, with hasher: inout SHA256
    ) -> SHA256Digest {
        hasher.update(microseconds ?? .min)
        update(key, &hasher)
        update(headers, &hasher)
        update(value, &hasher)
        return hasher.finish()
    }

    /// The hash of a record at its place.
    static func placed(_ content: SHA256Digest, at offset: Int64, with hasher: inout SHA256) -> SHA256Digest {
        hasher.update(content)
        hasher.update(offset)
        return hasher.finish()
    }

    private static func update(_ bytes: RawSpan?, _ hasher: inout SHA256) {
        guard let bytes else { return hasher.update(Int32(-1)) }
        hasher.update(Int32(bytes.byteCount))
        hasher.update(bytes)
    }
}
