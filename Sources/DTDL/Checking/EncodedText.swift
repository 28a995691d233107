/// The lexical rules for the DTDL v4 primitives that are written as JSON strings: `decimal`, `bytes` and `uuid`.
enum EncodedText {
    /// An optional sign, digits without a leading zero, and perhaps a point with any number of digits after it: `1.` is right, `.5` and `01` are not.
    static func isDecimal(_ text: Span<UInt8>) -> Bool {
        var cursor = TextCursor(text)
        if !cursor.take(UInt8(ascii: "+")) { _ = cursor.take(UInt8(ascii: "-")) }
        let leading = cursor.byte
        let digits = cursor.digitRun()
        guard digits == 1 || (digits > 1 && leading != UInt8(ascii: "0")) else { return false }
        if cursor.take(UInt8(ascii: ".")) { _ = cursor.digitRun() }
        return cursor.isAtEnd
    }

    /// Standard base64 with padding (RFC 4648 §4); empty text is no bytes.
    static func isBase64(_ text: Span<UInt8>) -> Bool {
        guard text.count % 4 == 0 else { return false }
        var padding = 0
        if text.count > 0, text[text.count - 1] == UInt8(ascii: "=") {
            padding = text[text.count - 2] == UInt8(ascii: "=") ? 2 : 1
        }
        for index in 0..<(text.count - padding) where !isBase64Digit(text[index]) { return false }
        return true
    }

    /// 8-4-4-4-12 hexadecimal digits, without braces (RFC 9562 §4); the version is not looked at.
    static func isUUID(_ text: Span<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        for index in 0..<36 {
            switch index {
            case 8, 13, 18, 23: if text[index] != UInt8(ascii: "-") { return false }
            default: if !isHexDigit(text[index]) { return false }
            }
        }
        return true
    }

    private static func isBase64Digit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
