/// Walks the text of a string that was read (so its escapes are right) in chunks: runs of bytes that stand for themselves, and escapes.
struct JSONUnescaping: ~Escapable {
    enum Chunk {
        /// These bytes of the text.
        case plain(Range<Int>)
        /// An escape, or two of them that are a surrogate pair.
        case scalar(UInt32)
    }

    private let bytes: JSONBytes
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: JSONBytes) { self.bytes = bytes }

    mutating func next() -> Chunk? {
        guard position < bytes.count else { return nil }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\\") { position += 1 }
        guard position == start else { return .plain(start..<position) }
        let character = bytes.checked(at: position + 1)
        position += 2
        switch character {
        case UInt8(ascii: "b"): return .scalar(0x08)
        case UInt8(ascii: "f"): return .scalar(0x0C)
        case UInt8(ascii: "n"): return .scalar(0x0A)
        case UInt8(ascii: "r"): return .scalar(0x0D)
        case UInt8(ascii: "t"): return .scalar(0x09)
        case UInt8(ascii: "u"): break
        default: return .scalar(UInt32(character))  // the quotation mark, the backslash, the slash
        }
        let unit = codeUnit()
        guard unit & 0xF800 == 0xD800 else { return .scalar(unit) }
        position += 2  // the backslash and the u of the second half
        return .scalar(0x1_0000 + (unit & 0x3FF) << 10 + codeUnit() & 0x3FF)
    }

    private mutating func codeUnit() -> UInt32 {
        var unit: UInt32 = 0
        _ = bytes.checked(at: position + 3)
        for index in position..<position + 4 { unit = unit << 4 | (bytes.hexadecimalDigit(at: index) ?? 0) }
        position += 4
        return unit
    }
}

extension JSONBytes {
    /// Whether `count` bytes from `start` are those of `other` from `otherStart`; both ranges are known to exist.
    @inline(__always)
    func equals(_ other: borrowing JSONBytes, from start: Int, count length: Int, at otherStart: Int) -> Bool {
        var done = 0
        while done + 8 <= length {
            guard eight(at: start + done) == other.eight(at: otherStart + done) else { return false }
            done += 8
        }
        while done < length {
            guard self[start + done] == other[otherStart + done] else { return false }
            done += 1
        }
        return true
    }
}

extension JSONUTF8 {
    /// The first byte of a scalar's sequence of the given length.
    static func lead(of scalar: UInt32, length: Int) -> UInt8 {
        switch length {
        case 1: UInt8(truncatingIfNeeded: scalar)
        case 2: UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
        case 3: UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
        default: UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
        }
    }
}
