extension [UInt8] {
    /// Appends a string in quotation marks with the fewest escapes (RFC 8785 §3.2.2.2): two-character escapes where there are any, `\u00xx` in lower
    /// case for other control characters, everything else as it is. A sequence that is no UTF-8 becomes U+FFFD.
    mutating func appendQuoted(_ text: RawSpan) {
        let bytes = JSONBytes(text)
        append(UInt8(ascii: "\""))
        var position = 0
        while position < bytes.count {
            let end = bytes.plainTextEnd(from: position)
            if end > position { append(copying: text.extracting(position..<end)) }
            position = end
            guard position < bytes.count else { break }
            if bytes[position] >= 0x80 {
                position += appendSequence(at: position, in: bytes, text)
            } else {
                appendEscape(of: bytes[position])
                position += 1
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendSequence(at position: Int, in bytes: borrowing JSONBytes, _ text: RawSpan) -> Int {
        guard case .wellFormed(let length) = JSONUTF8.sequence(at: position, in: bytes) else {
            JSONUTF8.append(0xFFFD, to: &self)
            return 1
        }
        append(copying: text.extracting(position..<position + length))
        return length
    }

    private mutating func appendEscape(of byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x22, 0x5C: append(byte)
        default:
            let low = byte & 15
            append(contentsOf: [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), 0x30 + byte >> 4, low + (low < 10 ? 0x30 : 0x57)])
        }
    }
}
