/// Well-formedness of UTF-8 (Unicode, table 3-7), one sequence at a time.
enum JSONUTF8 {
    /// What starts at a byte of 0x80 or above.
    enum Sequence: Equatable {
        /// A well-formed sequence of so many bytes.
        case wellFormed(Int)
        /// No sequence starts so.
        case illFormed
        /// The bytes end inside a sequence that is well formed so far.
        case cut
    }

    /// Looks at the sequence that starts at `position` with a byte of 0x80 or above.
    static func sequence(at position: Int, in bytes: borrowing JSONBytes) -> Sequence {
        let lead = bytes[position]
        let length: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, lowest) = (3, 0xA0)  // below it would be overlong
        case 0xED: (length, highest) = (3, 0x9F)  // above it are the surrogates
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, lowest) = (4, 0x90)  // below it would be overlong
        case 0xF4: (length, highest) = (4, 0x8F)  // above it nothing is assigned
        case 0xF1...0xF3: length = 4
        default: return .illFormed
        }
        guard position + 1 < bytes.count else { return .cut }
        guard (lowest...highest).contains(bytes[position + 1]) else { return .illFormed }
        for index in position + 2..<position + length {
            guard index < bytes.count else { return .cut }
            guard bytes[index] & 0xC0 == 0x80 else { return .illFormed }
        }
        return .wellFormed(length)
    }

    /// The scalar of a well-formed sequence of the given length.
    static func scalar(at position: Int, length: Int, in bytes: borrowing JSONBytes) -> UInt32 {
        if length == 1 { return UInt32(bytes[position]) }
        var value = UInt32(bytes[position]) & (0x7F >> UInt32(length))
        for index in position + 1..<position + length { value = value << 6 | UInt32(bytes[index] & 0x3F) }
        return value
    }

    /// Appends a scalar (no surrogate, at most U+10FFFF).
    static func append(_ scalar: UInt32, to output: inout [UInt8]) {
        switch scalar {
        case 0..<0x80:
            output.append(UInt8(truncatingIfNeeded: scalar))
        case 0x80..<0x800:
            output.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        case 0x800..<0x1_0000:
            output.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        default:
            output.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        }
    }
}
