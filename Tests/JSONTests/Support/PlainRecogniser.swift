/// The grammar of RFC 8259 once more, rule by rule and by recursion, with nothing in common with the reader: what one of them takes and the other
/// does not is a mistake in one of them.
struct PlainRecogniser {
    private let bytes: [UInt8]
    private var position = 0

    static func accepts(_ bytes: [UInt8], maximumDepth: Int = 512) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var recogniser = PlainRecogniser(bytes: bytes)
        return recogniser.whitespace() && recogniser.value(maximumDepth) && recogniser.whitespace() && recogniser.position == bytes.count
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: Character? { position < bytes.count ? Character(Unicode.Scalar(bytes[position])) : nil }

    private mutating func take(_ characters: String) -> Bool {
        guard let current, characters.contains(current) else { return false }
        position += 1
        return true
    }

    private mutating func takeAll(_ word: String) -> Bool { word.allSatisfy { take(String($0)) } }

    private mutating func whitespace() -> Bool {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        return true
    }

    private mutating func value(_ depth: Int) -> Bool {
        switch current {
        case "{": depth > 0 && list(from: "{", to: "}") { $0.string() && $0.whitespace() && $0.take(":") && $0.whitespace() && $0.value(depth - 1) }
        case "[": depth > 0 && list(from: "[", to: "]") { $0.value(depth - 1) }
        case "\"": string()
        case "t": takeAll("true")
        case "f": takeAll("false")
        case "n": takeAll("null")
        default: number()
        }
    }

    private mutating func list(from start: String, to end: String, _ item: (inout PlainRecogniser) -> Bool) -> Bool {
        guard take(start), whitespace() else { return false }
        if take(end) { return true }
        while item(&self), whitespace() {
            if take(end) { return true }
            guard take(","), whitespace() else { return false }
        }
        return false
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0") { guard digits() else { return false } }
        if take(".") { guard digits() else { return false } }
        if take("eE") {
            _ = take("+-")
            guard digits() else { return false }
        }
        return true
    }

    private mutating func digits() -> Bool {
        guard take("0123456789") else { return false }
        while take("0123456789") {}
        return true
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while position < bytes.count, bytes[position] >= 0x20 {
            if take("\"") { return true }
            if take("\\") {
                if take("\"\\/bfnrt") { continue }
                guard let unit = unicodeEscape(), !(0xDC00..<0xE000).contains(unit) else { return false }
                if (0xD800..<0xDC00).contains(unit) {
                    guard take("\\"), let low = unicodeEscape(), (0xDC00..<0xE000).contains(low) else { return false }
                }
            } else {
                position += 1
            }
        }
        return false
    }

    private mutating func unicodeEscape() -> Int? {
        guard take("u"), position + 4 <= bytes.count else { return nil }
        let digits = bytes[position..<position + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }) else { return nil }
        position += 4
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
