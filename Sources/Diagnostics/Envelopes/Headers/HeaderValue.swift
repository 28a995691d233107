import JSON

/// What a header's bytes mean, by the rule that is safe without a mark that says whether they are AMQP's.
///
/// Event Hubs passes values of AMQP 1.0 to Kafka clients with their type constructors (AMQP 1.0, part 1, §1.6), other senders pass UTF-8. The
/// constructors `80`–`83`, `98`, `a0`, `a1`, `a3`, `b0`, `b1` and `b3` are UTF-8 continuation bytes, and `00` (described) is no text either: a value
/// that starts with one and whose encoded length is its length is AMQP. The others could be text as well, so they count only where the header is known
/// to carry a number or a time. Whatever is left is text if it is UTF-8, and bytes if not.
package enum HeaderValue: Equatable, Sendable {
    /// AMQP's null, where a number or a time is expected.
    case null
    case boolean(Bool)
    /// AMQP's signed numbers.
    case signed(Int64)
    /// AMQP's unsigned numbers.
    case unsigned(UInt64)
    case float(Float)
    case double(Double)
    /// One UTF-32 scalar.
    case character(UInt32)
    /// Milliseconds since the Unix epoch.
    case timestamp(milliseconds: Int64)
    /// Sixteen bytes at a range.
    case uuid(Range<Int>)
    /// UTF-8 at a range of the value: the whole, or what AMQP's constructor leaves.
    case text(Range<Int>)
    /// AMQP's symbol, which is ASCII.
    case symbol(Range<Int>)
    /// AMQP's binary.
    case binary(Range<Int>)
    /// Neither AMQP nor text.
    case bytes

    /// Reads a value.
    package init(_ value: RawSpan, as expectation: HeaderName.Expectation) {
        if let amqp = AMQPValue.read(value, isText: expectation == .text) {
            self = amqp
        } else {
            self = Self.isUTF8(value) ? .text(0..<value.byteCount) : .bytes
        }
    }

    private static func isUTF8(_ value: RawSpan) -> Bool {
        for offset in 0..<value.byteCount where value[byte: offset] >= 0x80 {
            var bytes: [UInt8] = []
            value.append(to: &bytes)
            return String(validating: bytes, as: UTF8.self) != nil
        }
        return true
    }
}
