import JSON

/// Reads AMQP 1.0's primitive types and described ones (part 1, §1.6), each only where it fills the bytes exactly.
enum AMQPValue {
    /// The value, or nil where the bytes are not AMQP for certain.
    /// - Parameter isText: whether text is expected, which leaves constructors that text may start with to text.
    static func read(_ value: RawSpan, isText: Bool) -> HeaderValue? {
        guard value.byteCount > 0 else { return nil }
        if value[byte: 0] == 0 { return described(value) }
        guard let found = primitive(value, at: 0), found.end == value.byteCount else { return nil }
        return isText && !isContinuation(value[byte: 0]) ? nil : found.value
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { (0x80...0xBF).contains(byte) }

    /// A descriptor and a value, such as `com.microsoft:uri` and a string. The value counts, the descriptor does not.
    private static func described(_ value: RawSpan) -> HeaderValue? {
        guard let descriptor = primitive(value, at: 1), let found = primitive(value, at: descriptor.end), found.end == value.byteCount else {
            return nil
        }
        return found.value
    }

    private static func primitive(_ bytes: RawSpan, at start: Int) -> (value: HeaderValue, end: Int)? {
        guard start < bytes.byteCount else { return nil }
        let constructor = bytes[byte: start]
        let place = start + 1
        switch constructor {
        case 0x40: return (.null, place)
        case 0x41, 0x42: return (.boolean(constructor == 0x41), place)
        case 0x43, 0x44: return (.unsigned(0), place)
        case 0xA0, 0xA1, 0xA3, 0xB0, 0xB1, 0xB3: return variable(bytes, constructor, at: place)
        default: break
        }
        // The upper half of a constructor says how wide its value is.
        guard (5...9).contains(constructor >> 4) else { return nil }
        let width = 1 << Int(constructor >> 4 - 5)
        guard place + width <= bytes.byteCount, let value = fixed(bytes, constructor, place..<place + width) else { return nil }
        return (value, place + width)
    }

    private static func fixed(_ bytes: RawSpan, _ constructor: UInt8, _ range: Range<Int>) -> HeaderValue? {
        if constructor == 0x98 { return .uuid(range) }
        if constructor >> 4 == 9 { return nil }
        var number: UInt64 = 0
        for offset in range { number = number << 8 | UInt64(bytes[byte: offset]) }
        switch constructor {
        case 0x50, 0x52, 0x53, 0x60, 0x70, 0x80: return .unsigned(number)
        case 0x51, 0x54, 0x55: return .signed(Int64(Int8(truncatingIfNeeded: number)))
        case 0x61: return .signed(Int64(Int16(truncatingIfNeeded: number)))
        case 0x71: return .signed(Int64(Int32(truncatingIfNeeded: number)))
        case 0x81: return .signed(Int64(bitPattern: number))
        case 0x83: return .timestamp(milliseconds: Int64(bitPattern: number))
        case 0x56: return number > 1 ? nil : .boolean(number == 1)
        case 0x72: return .float(Float(bitPattern: UInt32(truncatingIfNeeded: number)))
        case 0x82: return .double(Double(bitPattern: number))
        case 0x73: return .character(UInt32(truncatingIfNeeded: number))
        default: return nil
        }
    }

    private static func variable(_ bytes: RawSpan, _ constructor: UInt8, at place: Int) -> (value: HeaderValue, end: Int)? {
        let isLong = constructor >= 0xB0
        let start = place + (isLong ? 4 : 1)
        guard start <= bytes.byteCount else { return nil }
        let count = isLong ? Int(bytes.bigEndianUInt32(at: place)) : Int(bytes[byte: place])
        guard count <= bytes.byteCount - start else { return nil }
        let range = start..<start + count
        switch constructor & 0x0F {
        case 0: return (.binary(range), range.upperBound)
        case 1: return (.text(range), range.upperBound)
        default: return (.symbol(range), range.upperBound)
        }
    }
}
