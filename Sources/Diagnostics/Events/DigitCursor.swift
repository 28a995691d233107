import JSON

/// A place in a text of decimal fields, moved forward by what is read. After a failed read the place means nothing.
struct DigitCursor: ~Escapable {
    private let bytes: RawSpan
    private var position = 0

    /// Starts at the first byte.
    @_lifetime(copy bytes)
    init(bytes: RawSpan) { self.bytes = bytes }

    /// Whether everything was read.
    var isAtEnd: Bool { position == bytes.byteCount }

    private var current: UInt8? { position < bytes.byteCount ? bytes[byte: position] : nil }

    /// Steps over one byte if it is here.
    mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func digit() -> Int64? {
        guard let byte = current, (0x30...0x39).contains(byte) else { return nil }
        position += 1
        return Int64(byte - 0x30)
    }

    /// The value of exactly so many decimal digits.
    mutating func number(digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Microseconds from at least one fraction digit; digits beyond the sixth are cut, not rounded.
    mutating func fraction() -> Int64? {
        guard let first = digit() else { return nil }
        var value = first
        var taken = 1
        while let next = digit() {
            if taken < 6 {
                value = value * 10 + next
                taken += 1
            }
        }
        while taken < 6 {
            value *= 10
            taken += 1
        }
        return value
    }
}
