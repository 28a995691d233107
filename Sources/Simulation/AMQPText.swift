/// Header values as Event Hubs hands them to Kafka clients: AMQP 1.0 §1.6, with their constructors.
package enum AMQPText {
    /// A string of at most 255 bytes (`a1`), or a longer one (`b1`).
    package static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        if bytes.count < 256 { return [0xA1, UInt8(bytes.count)] + bytes }
        return [0xB1] + bigEndian(UInt64(bytes.count), 4) + bytes
    }

    /// A timestamp (`83`): milliseconds since 1970.
    package static func timestamp(_ milliseconds: Int64) -> [UInt8] { [0x83] + bigEndian(UInt64(bitPattern: milliseconds), 8) }

    private static func bigEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }
}
