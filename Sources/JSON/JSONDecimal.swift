/// A number as sign, digits and the place of its decimal point, in exactly one way for each decimal value: 0.d₁d₂…dₖ × 10ⁿ with d₁ and dₖ not 0.
///
/// `point` (n) is the one part that may not fit into a machine word, since an exponent can have any number of digits. It is kept as text then, so
/// that work and result stay linear in the text of the number: `1e999999999` is never written out.
struct JSONDecimal {
    private let isNegative: Bool
    private let digits: [UInt8]
    private let point: JSONExponent

    /// Takes a text that follows RFC 8259 §6.
    init(_ text: borrowing JSONBytes) {
        var position = 0
        var digits: [UInt8] = []
        var integerDigits: Int?
        self.isNegative = text[0] == UInt8(ascii: "-")
        if isNegative { position = 1 }
        while position < text.count, text.isDigit(at: position) || text[position] == UInt8(ascii: ".") {
            if text[position] == UInt8(ascii: ".") { integerDigits = digits.count } else { digits.append(text[position]) }
            position += 1
        }
        let leadingZeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        let trailingZeros = digits.dropFirst(leadingZeros).reversed().prefix { $0 == UInt8(ascii: "0") }.count
        let exponent = position < text.count ? JSONExponent(text, from: position + 1) : JSONExponent(0)
        self.digits = Array(digits.dropFirst(leadingZeros).dropLast(trailingZeros))
        self.point = exponent.adding((integerDigits ?? digits.count) - leadingZeros)
    }

    /// Appends the canonical text: plain where that needs at most 21 integer digits or 6 zeros behind the point, as ECMAScript writes numbers (and
    /// so RFC 8785 §3.2.2.3), else one digit, the rest behind a point, and an exponent with its sign. Zero is `0`, without a sign.
    func append(to bytes: inout [UInt8]) {
        guard !digits.isEmpty else {
            bytes.append(UInt8(ascii: "0"))
            return
        }
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        let zero = UInt8(ascii: "0")
        switch point.small {
        case .some(let point) where point > 0 && point <= 21:
            bytes.append(contentsOf: digits.prefix(point))
            if digits.count > point {
                bytes.append(UInt8(ascii: "."))
                bytes.append(contentsOf: digits.dropFirst(point))
            } else {
                bytes.append(contentsOf: repeatElement(zero, count: point - digits.count))
            }
        case .some(let point) where point <= 0 && point > -6:
            bytes.append(contentsOf: [zero, UInt8(ascii: ".")])
            bytes.append(contentsOf: repeatElement(zero, count: -point))
            bytes.append(contentsOf: digits)
        default:
            bytes.append(digits[0])
            if digits.count > 1 {
                bytes.append(UInt8(ascii: "."))
                bytes.append(contentsOf: digits.dropFirst())
            }
            bytes.append(UInt8(ascii: "e"))
            point.adding(-1).append(to: &bytes)
        }
    }
}
