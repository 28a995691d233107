/// The values of number texts that are known to follow RFC 8259 §6.
enum JSONNumber {
    /// Whether the whole text is a number.
    static func isNumber(_ text: JSONBytes) -> Bool {
        guard text.count > 0, text.isDigit(at: 0) || text[0] == UInt8(ascii: "-") else { return false }
        var scanner = JSONScanner(text, from: 0)
        return scanner.number() != nil && scanner.position == text.count
    }

    /// The integer that `-?[0-9]+` is, if it fits.
    static func integer(_ text: borrowing JSONBytes) -> Int64? {
        let isNegative = text[0] == UInt8(ascii: "-")
        // Counted downwards: the lowest number has no positive counterpart.
        var value: Int64 = 0
        for position in (isNegative ? 1 : 0)..<text.count {
            guard text.isDigit(at: position) else { return nil }
            let digit = Int64(text[position] &- UInt8(ascii: "0"))
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, underflow) = tens.subtractingReportingOverflow(digit)
            guard !overflow, !underflow else { return nil }
            value = next
        }
        guard !isNegative else { return value }
        return value == .min ? nil : -value
    }

    /// The closest double, if it is finite.
    static func double(_ text: borrowing JSONBytes) -> Double? {
        if let exact = shortDouble(text) { return exact }
        guard let value = Double(String(copying: text.raw)), value.isFinite else { return nil }
        return value
    }

    /// Most numbers of devices: an integer up to 2⁵³ times or divided by a power of ten that is a double itself, so that one operation rounds
    /// once and is right. Nil says nothing about the number.
    private static func shortDouble(_ text: borrowing JSONBytes) -> Double? {
        guard text.count <= 24 else { return nil }
        var position = text[0] == UInt8(ascii: "-") ? 1 : 0
        let isNegative = position == 1
        var digits: UInt64 = 0
        var exponent = 0
        var isFraction = false
        while position < text.count {
            if text.isDigit(at: position) {
                guard digits < 1_000_000_000_000_000 else { return nil }
                digits = digits * 10 + UInt64(text[position] &- UInt8(ascii: "0"))
                if isFraction { exponent -= 1 }
            } else if text[position] == UInt8(ascii: ".") {
                isFraction = true
            } else {
                break
            }
            position += 1
        }
        if position < text.count {
            position += 1
            let sign = text.checked(at: position)
            if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
            guard text.count - position <= 3 else { return nil }
            var power = 0
            while position < text.count {
                power = power * 10 + Int(text[position] & 0xF)
                position += 1
            }
            exponent += sign == UInt8(ascii: "-") ? -power : power
        }
        guard digits <= 1 << 53, abs(exponent) <= 22 else { return nil }
        let magnitude = exponent < 0 ? Double(digits) / powersOfTen[-exponent] : Double(digits) * powersOfTen[exponent]
        return isNegative ? -magnitude : magnitude
    }

    /// The powers of ten that a double holds exactly.
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
