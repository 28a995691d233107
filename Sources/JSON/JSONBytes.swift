/// The bytes of a document for code that has already compared its position with `count`.
///
/// The standard library's span checks every load, and does not move that check out of a loop whose position is not a plain counter; a scanner is
/// such a loop. So the unchecked loads are here, in one place, and every build with assertions checks them.
@usableFromInline
@safe struct JSONBytes: ~Escapable {
    @usableFromInline let raw: RawSpan
    @usableFromInline let count: Int

    @inlinable
    @_lifetime(copy raw)
    init(_ raw: RawSpan) {
        self.raw = raw
        self.count = raw.byteCount
    }

    /// The byte at a position below `count`.
    @inlinable
    subscript(position: Int) -> UInt8 {
        @inline(__always) get {
            assert(position >= 0 && position < count, "a byte is read outside of the document")
            return unsafe raw.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
        }
    }

    /// The byte at any position, compared with `count` here: where the bytes may be others than those that were read.
    func checked(at position: Int) -> UInt8 {
        precondition(position >= 0 && position < count, "A document is asked over other bytes than were read")
        return self[position]
    }

    /// Eight bytes, the first one lowest; `position + 8` is at most `count`.
    @inlinable
    @inline(__always)
    func eight(at position: Int) -> UInt64 {
        assert(position >= 0 && position + 8 <= count, "bytes are read outside of the document")
        return UInt64(littleEndian: unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self))
    }

    /// Four bytes, the first one lowest; `position + 4` is at most `count`.
    @inlinable
    @inline(__always)
    func four(at position: Int) -> UInt32 {
        assert(position >= 0 && position + 4 <= count, "bytes are read outside of the document")
        return UInt32(littleEndian: unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt32.self))
    }
}
