/// A SHA-256 value: 32 bytes (FIPS 180-4, section 6.2), held inline so that comparing and copying it allocates nothing.
package struct SHA256Digest: Hashable, Sendable {
    /// How many bytes every digest has.
    package static let byteCount = 32

    /// The digest of nothing at all: 32 zero bytes, the predecessor of the first link of a hash chain. It is the hash of no known input.
    package static let zero = SHA256Digest(words: [0, 0, 0, 0])

    /// The bytes, eight to a word, the first byte highest.
    private let words: InlineArray<4, UInt64>

    init(words: InlineArray<4, UInt64>) {
        self.words = words
    }

    /// The digest whose bytes these are; `nil` unless there are exactly 32.
    package init?(bytes: RawSpan) {
        guard bytes.byteCount == Self.byteCount else { return nil }
        var words = InlineArray<4, UInt64>(repeating: 0)
        for index in 0..<Self.byteCount {
            words[index / 8] = words[index / 8] << 8 | UInt64(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        self.init(words: words)
    }

    /// The digest whose bytes these are; `nil` unless there are exactly 32.
    package init?(bytes: [UInt8]) {
        unsafe self.init(bytes: bytes.span.bytes)
    }

    /// Reads 64 hexadecimal digits of either case; `nil` for anything else.
    package init?(hex: String) {
        var words = InlineArray<4, UInt64>(repeating: 0)
        var count = 0
        for character in hex.utf8 {
            guard count < 2 * Self.byteCount, let digit = Self.digit(character) else { return nil }
            words[count / 16] = words[count / 16] << 4 | digit
            count += 1
        }
        guard count == 2 * Self.byteCount else { return nil }
        self.init(words: words)
    }

    /// The 32 bytes, first byte first.
    package var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            for index in 0..<Self.byteCount { unsafe buffer[index] = self[index] }
            count = Self.byteCount
        }
    }

    /// The byte at a place from 0 to 31.
    package subscript(index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: words[index / 8] >> UInt64(56 - index % 8 * 8))
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String {
        unsafe String(unsafeUninitializedCapacity: 2 * Self.byteCount) { buffer in
            for index in 0..<Self.byteCount {
                unsafe buffer[2 * index] = Self.character(self[index] >> 4)
                unsafe buffer[2 * index + 1] = Self.character(self[index] & 15)
            }
            return 2 * Self.byteCount
        }
    }

    /// Whether two digests hold the same 32 bytes.
    package static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
        left.words[0] == right.words[0] && left.words[1] == right.words[1] && left.words[2] == right.words[2] && left.words[3] == right.words[3]
    }

    /// Feeds a table's hasher. The first word is as good as random already.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(words[0])
    }

    private static func digit(_ character: UInt8) -> UInt64? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(character - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private static func character(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// The digest as ``hex``.
    package var description: String { hex }
}
