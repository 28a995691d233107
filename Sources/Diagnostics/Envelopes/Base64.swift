import JSON

/// Decodes base64 (RFC 4648 §4): the standard alphabet with its padding and nothing else, no line ends and not the alphabet for URLs.
///
/// Our own because the standard library has none, Foundation's is not for this module, and the packages without Foundation make a new array of each text.
enum Base64 {
    /// Appends what a text stands for; false, and nothing appended, where it is no base64. Bits beyond the last byte are not looked at (§3.5).
    static func decode(_ text: RawSpan, into bytes: inout [UInt8]) -> Bool {
        guard text.byteCount % 4 == 0 else { return false }
        var count = text.byteCount
        for _ in 0..<2 where count > 0 && text[byte: count - 1] == UInt8(ascii: "=") { count -= 1 }
        let start = bytes.count
        bytes.reserveCapacity(start + count * 3 / 4)
        var bits: UInt32 = 0
        for offset in 0..<count {
            guard let digit = value(of: text[byte: offset]) else {
                bytes.removeSubrange(start...)
                return false
            }
            bits = bits << 6 | digit
            if offset % 4 == 3 {
                bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                bytes.append(UInt8(truncatingIfNeeded: bits))
            }
        }
        switch count % 4 {
        case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3:
            bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
        default: break
        }
        return true
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
