extension JSONScanner {
    /// Reads a number (RFC 8259 §6); `position` is at its minus sign or first digit.
    /// - Returns: whether it is an integer (no fraction, no exponent), or nil after a fault.
    @inline(__always)
    mutating func number() -> Bool? {
        if bytes[position] == UInt8(ascii: "-") {
            position += 1
            guard position < bytes.count, bytes.isDigit(at: position) else { return stop(.integerDigit) }
        }
        if bytes[position] == UInt8(ascii: "0") {
            position += 1  // a digit after it is found where a comma or an end is looked for
        } else {
            skipDigits()
        }
        guard position < bytes.count else { return true }
        var isInteger = true
        if bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard position < bytes.count, bytes.isDigit(at: position) else { return stop(.fractionDigit) }
            skipDigits()
            guard position < bytes.count else { return false }
        }
        if bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            guard position < bytes.count, bytes.isDigit(at: position) else { return stop(.exponentDigit) }
            skipDigits()
        }
        return isInteger
    }

    @inline(__always)
    private mutating func skipDigits() {
        while position < bytes.count, bytes.isDigit(at: position) { position += 1 }
    }

    @inline(__always)
    private mutating func stop(_ expectation: JSONExpectation) -> Bool? {
        self.expectation = expectation
        return nil
    }
}

extension JSONBytes {
    @inline(__always)
    func isDigit(at position: Int) -> Bool { self[position] &- UInt8(ascii: "0") < 10 }
}
