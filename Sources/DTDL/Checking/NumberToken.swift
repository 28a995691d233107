/// The text of a JSON number, judged as it is written: DTDL accepts `3` for an integer and refuses `3.0` and `1e2`, whatever their value.
///
/// Source: the instance criteria of the DTDL metamodel for `integer`, `long` and the other integral schemas (`-?[0-9]+`, unsigned `[0-9]+`).
enum NumberToken {
    /// What an integral schema makes of a number token.
    enum Integral: Equatable {
        /// The token has a fraction, an exponent, or a sign that the schema does not have.
        case notIntegral
        /// The token is integral, but outside of 64 bits.
        case beyond64Bits
        /// The token is integral; `magnitude` with `isNegative` is its value.
        case value(magnitude: UInt64, isNegative: Bool)
    }

    static func integral(_ text: Span<UInt8>) -> Integral {
        var index = 0
        var isNegative = false
        if text.count > 0, text[0] == UInt8(ascii: "-") {
            isNegative = true
            index = 1
        }
        guard index < text.count else { return .notIntegral }
        var magnitude: UInt64 = 0
        var overflowed = false
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return .notIntegral }
            let (product, tooWide) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(UInt64(digit))
            overflowed = overflowed || tooWide || carried
            magnitude = sum
            index += 1
        }
        return overflowed ? .beyond64Bits : .value(magnitude: magnitude, isNegative: isNegative)
    }

    /// The number of digits after the decimal point once an exponent is taken into account; 0 when there is none.
    static func decimalPlaces(_ text: Span<UInt8>) -> Int {
        var fraction = 0
        var exponent = 0
        var trailingZeros = 0
        var index = 0
        var inFraction = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                inFraction = true
            } else if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
                exponent = signedInteger(text, from: index + 1)
                break
            } else if inFraction {
                fraction += 1
                trailingZeros = byte == UInt8(ascii: "0") ? trailingZeros + 1 : 0
            }
            index += 1
        }
        return max(0, fraction - trailingZeros - exponent)
    }

    private static func signedInteger(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        var isNegative = false
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        var value = 0
        while index < text.count, value < 100_000 {
            value = value * 10 + Int(text[index] &- UInt8(ascii: "0"))
            index += 1
        }
        return isNegative ? -value : value
    }
}
