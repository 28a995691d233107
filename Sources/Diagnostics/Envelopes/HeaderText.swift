import JSON

/// Text of a header value that may be AMQP-encoded, as Event Hubs passes it to Kafka clients.
///
/// AMQP 1.0 §1.6 constructors `a0`, `a1`, `a3` (one length byte) and `b0`, `b1`, `b3` (four) are UTF-8 continuation bytes, which no UTF-8 text starts with;
/// so a value that starts with one and whose length agrees is AMQP, and anything else is text as it stands.
package enum HeaderText {
    /// The range of the text within the value's bytes.
    package static func range(in value: RawSpan) -> Range<Int> {
        guard value.byteCount > 0 else { return 0..<0 }
        switch value[byte: 0] {
        case 0xA0, 0xA1, 0xA3:
            if value.byteCount >= 2, Int(value[byte: 1]) == value.byteCount - 2 { return 2..<value.byteCount }
        case 0xB0, 0xB1, 0xB3:
            if value.byteCount >= 5, Int(value.bigEndianUInt32(at: 1)) == value.byteCount - 5 { return 5..<value.byteCount }
        default: break
        }
        return 0..<value.byteCount
    }
}
