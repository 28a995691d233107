import JSON

/// The number that IoT Hub gives to what it says of a device's connection: 256 bits, 64 hexadecimal digits, rising per device
/// (IoT Hub, "Order device connection events": compare as strings, the greatest is the last).
package struct HubSequence: Comparable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes 64 hexadecimal digits of either case; nil for anything else, which has no order that could be known.
    package init?(_ digits: RawSpan) {
        guard digits.byteCount == 64 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for offset in 0..<64 {
            guard let digit = Self.value(digits[byte: offset]) else { return nil }
            switch offset / 16 {
            case 0: words.0 = words.0 << 4 | digit
            case 1: words.1 = words.1 << 4 | digit
            case 2: words.2 = words.2 << 4 | digit
            default: words.3 = words.3 << 4 | digit
            }
        }
        self.words = words
    }

    /// 64 upper-case digits: text that sorts like the number.
    package var text: String {
        [words.0, words.1, words.2, words.3].map { word in
            let digits = String(word, radix: 16, uppercase: true)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    package static func == (a: HubSequence, b: HubSequence) -> Bool { a.words == b.words }

    /// Whether one number is smaller than another.
    package static func < (a: HubSequence, b: HubSequence) -> Bool { a.words < b.words }

    private static func value(_ digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(digit - UInt8(ascii: "A") + 10)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}
