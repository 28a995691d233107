extension RawSpan {
    /// One byte, range-checked.
    @inlinable
    package subscript(byte offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount, "Cannot read byte \(offset) of \(byteCount)")
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Appends every byte to an array.
    package func append(to array: inout [UInt8]) {
        unsafe withUnsafeBytes { unsafe array.append(contentsOf: $0) }
    }

    /// Whether the bytes are those of a literal.
    package func equals(_ literal: StaticString) -> Bool {
        guard literal.utf8CodeUnitCount == byteCount else { return false }
        for offset in 0..<byteCount where unsafe literal.utf8Start[offset] != self[byte: offset] { return false }
        return true
    }

    /// Whether the bytes are the UTF-8 of a string.
    package func equals(_ string: String) -> Bool {
        let other = string.rawBytes
        guard other.byteCount == byteCount else { return false }
        for offset in 0..<byteCount where other[byte: offset] != self[byte: offset] { return false }
        return true
    }

    /// A big-endian 32-bit number.
    package func bigEndianUInt32(at offset: Int) -> UInt32 {
        precondition(offset >= 0 && offset + 4 <= byteCount, "Cannot read 4 bytes at \(offset) of \(byteCount)")
        return UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Eight bytes as a number, for comparing and hashing bytes in words: which order they have in it depends on the processor.
    @inlinable
    package func word64(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset + 8 <= byteCount, "Cannot read 8 bytes at \(offset) of \(byteCount)")
        return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Four bytes as a number, as `word64(at:)`.
    @inlinable
    package func word32(at offset: Int) -> UInt32 {
        precondition(offset >= 0 && offset + 4 <= byteCount, "Cannot read 4 bytes at \(offset) of \(byteCount)")
        return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    }
}
