extension JSONScanner {
    /// Reads a string (RFC 8259 §7); `position` is at its quotation mark.
    /// - Returns: whether it has escapes, or nil after a fault.
    @inline(__always)
    mutating func string() -> Bool? {
        position = bytes.plainTextEnd(from: position + 1)
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            position += 1
            return false
        }
        let rest = JSONStringRest(in: bytes, from: position)
        position = rest.position
        guard rest.fault == nil else {
            expectation = rest.fault ?? .character
            return nil
        }
        return rest.hasEscapes
    }
}

/// The rest of a string from its first character that is not plain, up to and including the quotation mark.
///
/// A function of values and not a method of the scanner, so that the scanner's fields stay in registers in the loop that calls it.
struct JSONStringRest {
    /// One past the quotation mark, or where the fault is.
    private(set) var position: Int
    private(set) var hasEscapes = false
    private(set) var fault: JSONExpectation?

    @inline(never)
    init(in bytes: borrowing JSONBytes, from start: Int) {
        position = start
        while true {
            guard position < bytes.count else {
                fault = .character
                return
            }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"):
                hasEscapes = true
                fault = escape(in: bytes)
            case 0x00..<0x20:
                fault = .character
            case 0x80...0xFF:
                fault = sequence(in: bytes)
            default:
                position = bytes.plainTextEnd(from: position)
            }
            guard fault == nil else { return }
        }
    }

    private mutating func sequence(in bytes: borrowing JSONBytes) -> JSONExpectation? {
        switch JSONUTF8.sequence(at: position, in: bytes) {
        case .wellFormed(let length):
            position += length
            return nil
        case .illFormed:
            return .utf8
        case .cut:
            position = bytes.count
            return .utf8
        }
    }

    private mutating func escape(in bytes: borrowing JSONBytes) -> JSONExpectation? {
        let backslash = position
        position += 1
        guard position < bytes.count else { return .escape }
        switch bytes[position] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
            UInt8(ascii: "t"):
            position += 1
            return nil
        case UInt8(ascii: "u"):
            position += 1
        default:
            return .escape
        }
        guard let unit = hexadecimal(in: bytes) else { return .hexadecimalDigit }
        switch unit {
        case 0xD800..<0xDC00:
            guard lowSurrogate(in: bytes) else {
                if position < bytes.count { position = backslash }
                return .surrogatePair
            }
            return nil
        case 0xDC00..<0xE000:
            position = backslash
            return .surrogatePair
        default:
            return nil
        }
    }

    /// Reads four hexadecimal digits; on a fault, `position` is at what is none.
    private mutating func hexadecimal(in bytes: borrowing JSONBytes) -> UInt32? {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = bytes.hexadecimalDigit(at: position) else { return nil }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    /// Reads the second half of a pair. If it returns false, `position` is at the end of the bytes when these could still have become one.
    private mutating func lowSurrogate(in bytes: borrowing JSONBytes) -> Bool {
        for index in 0..<6 {
            guard position < bytes.count else { return false }
            let byte = bytes[position]
            let fits =
                switch index {
                case 0: byte == UInt8(ascii: "\\")
                case 1: byte == UInt8(ascii: "u")
                case 2: byte | 0x20 == UInt8(ascii: "d")
                case 3: (bytes.hexadecimalDigit(at: position) ?? 0) >= 0xC
                default: bytes.hexadecimalDigit(at: position) != nil
                }
            guard fits else { return false }
            position += 1
        }
        return true
    }
}

extension JSONBytes {
    /// Where the plain text that starts at `start` ends: at a quotation mark, a backslash, a control character, a byte of 0x80 or above, or the
    /// end. Eight bytes at a time: each term sets the high bit of a byte that is looked for; the lowest such bit is exact, since a borrow only
    /// disturbs bytes above a true one.
    @inline(__always)
    func plainTextEnd(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        var position = start
        while position + 8 <= count {
            let word = eight(at: position)
            let quote = (word ^ (ones &* 0x22)) &- ones
            let backslash = (word ^ (ones &* 0x5C)) &- ones
            let control = word &- (ones &* 0x20)
            let stops = (quote | backslash | control | word) & high
            if stops != 0 { return position + stops.trailingZeroBitCount >> 3 }
            position += 8
        }
        while position < count {
            let byte = self[position]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { break }
            position += 1
        }
        return position
    }

    /// The value of a hexadecimal digit in either case, else nil.
    @inline(__always)
    func hexadecimalDigit(at position: Int) -> UInt32? {
        let byte = self[position]
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt32(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return UInt32(byte &- UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return UInt32(byte &- UInt8(ascii: "A")) + 10
        default: return nil
        }
    }
}
