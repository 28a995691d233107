import JSON

/// A fast 64-bit hash of a few byte strings, for finding equal ones: multiplies words of eight bytes to 128 bits and folds the halves, as wyhash does
/// (Wang Yi, "wyhash"). Not made against people who look for collisions; one of theirs would hide a message of their own.
package struct WordHash {
    /// What was taken in so far.
    package private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Has taken nothing in.
    package init() {}

    /// Takes a number in.
    package mutating func update(_ word: UInt64) {
        let product = (value ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        value = product.high ^ product.low
    }

    /// Takes bytes in, with their number, so that `ab`, `c` differs from `a`, `bc`.
    package mutating func update(_ bytes: RawSpan) {
        var offset = 0
        while offset + 8 <= bytes.byteCount {
            update(bytes.word64(at: offset))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.byteCount {
            rest = rest << 8 | UInt64(bytes[byte: offset])
            offset += 1
        }
        // Seven bytes at most, so the eighth is free for the number.
        update(rest | UInt64(bytes.byteCount) << 56)
    }
}
