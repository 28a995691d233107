import JSON

/// The bytes of a name, eight at a time: capabilities and fields are looked up for every value of every message.
struct NameBytes: ~Escapable {
    private let raw: RawSpan

    @_lifetime(copy bytes)
    @inline(__always)
    init(_ bytes: Span<UInt8>) { self.raw = bytes.rawBytes }

    @inline(__always)
    private func eight(at offset: Int) -> UInt64 { raw.word64(at: offset) }

    @inline(__always)
    private func four(at offset: Int) -> UInt64 { UInt64(raw.word32(at: offset)) }

    @inline(__always)
    private func one(at offset: Int) -> UInt64 { UInt64(raw[byte: offset]) }

    /// All bytes of a name shorter than eight in one word; other names of the same length give other words.
    @inline(__always)
    private var short: UInt64 {
        let count = raw.byteCount
        if count >= 4 { return four(at: 0) | four(at: count - 4) << 32 }
        if count == 0 { return 0 }
        return one(at: 0) | one(at: count / 2) << 8 | one(at: count - 1) << 16
    }

    /// Words overlap at the end of the name instead of ending in single bytes.
    @inline(__always)
    func hash(from start: UInt64) -> UInt64 {
        let count = raw.byteCount
        var hash = start ^ UInt64(truncatingIfNeeded: count)
        if count < 8 {
            hash = Self.mixed(hash, short)
        } else {
            var offset = 0
            while offset + 8 < count {
                hash = Self.mixed(hash, eight(at: offset))
                offset += 8
            }
            hash = Self.mixed(hash, eight(at: count - 8))
        }
        return hash ^ (hash >> 29)
    }

    @inline(__always)
    private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        return product.low ^ product.high
    }

    /// Whether both have the same bytes; both have the same count.
    @inline(__always)
    func equals(_ other: borrowing NameBytes) -> Bool {
        let count = raw.byteCount
        if count < 8 { return short == other.short }
        var offset = 0
        while offset + 8 < count {
            guard eight(at: offset) == other.eight(at: offset) else { return false }
            offset += 8
        }
        return eight(at: count - 8) == other.eight(at: count - 8)
    }
}
