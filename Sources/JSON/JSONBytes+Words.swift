// How bytes are named in an error, and recognised for one.

extension JSONBytes {
    /// Whether the bytes start with U+FEFF in UTF-8, UTF-16 or UTF-32, either order.
    var startsWithByteOrderMark: Bool {
        if startsWithUTF8ByteOrderMark { return true }
        guard count >= 2 else { return false }
        if (self[0] == 0xFE && self[1] == 0xFF) || (self[0] == 0xFF && self[1] == 0xFE) { return true }
        return count >= 4 && self[0] == 0 && self[1] == 0 && self[2] == 0xFE && self[3] == 0xFF
    }

    /// Whether exactly this word stands at `start`, with no letter, digit or underscore behind it.
    func hasWord(_ word: String, at start: Int) -> Bool {
        var position = start
        for byte in word.utf8 {
            guard position < count, self[position] == byte else { return false }
            position += 1
        }
        return position == count || !self[position].continuesWord
    }

    /// The character at a position, for a reader of an error: quoted when it is printable ASCII, else a code point or a byte.
    func character(at position: Int) -> String {
        guard position < count else { return "the end of the input" }
        let byte = self[position]
        switch byte {
        case 0x21..<0x7F: return "'\(ascii(from: position, count: 1))'"
        case 0x20: return "a space"
        case 0x09: return "a tab"
        case 0x0A, 0x0D: return "a line break"
        case 0x00..<0x20, 0x7F: return "byte 0x\(byte.hexadecimal)"
        default: break
        }
        guard case .wellFormed(let length) = JSONUTF8.sequence(at: position, in: self) else { return "byte 0x\(byte.hexadecimal)" }
        let digits = String(JSONUTF8.scalar(at: position, length: length, in: self), radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// Up to `count` bytes as text; they are known to be ASCII.
    func ascii(from start: Int, count length: Int) -> String {
        var text = ""
        for position in start..<min(start + length, count) { text.unicodeScalars.append(Unicode.Scalar(self[position])) }
        return text
    }
}

extension UInt8 {
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    /// A letter, underscore or dollar sign: what a bare word starts with in the languages that people take JSON from.
    var startsWord: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 || self == UInt8(ascii: "_") || self == UInt8(ascii: "$") }

    var continuesWord: Bool { startsWord || isDigit }

    /// Two upper-case hexadecimal digits.
    var hexadecimal: String { (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: true) }
}
