/// One entry of the tape: 16 bytes for each value and each key, in the order of the document.
///
///     { "a" : [ 1 , "x\n" ] , "b" : true }
///     0 1     2 3   4         5     6            entry
///     7 2     5 4   5         6     7            next
///
/// A key's value is the entry after it. `next` is the entry after everything that belongs to this one, so a sibling is one step away
/// whatever lies between, and a container's content ends where its `next` points. While a container is open, its `next` holds the entry of the
/// container around it: that chain is the reader's stack, which therefore needs no memory of its own.
@usableFromInline
struct JSONTapeEntry: Sendable {
    /// Where the token starts; of a string, its quotation mark.
    @usableFromInline var start: UInt32
    /// One past the last byte of the value; of a string, past its quotation mark.
    @usableFromInline var end: UInt32
    /// The entry after this one and all it contains.
    @usableFromInline var next: Int32
    /// Bits 0–2: kind. Bit 3: a string with escapes, or a number with a fraction or exponent. Bits 4–31: elements or members of a container.
    @usableFromInline var info: UInt32

    /// Bit 3 of `info`.
    @usableFromInline static let flag: UInt32 = 1 << 3

    @inlinable
    @inline(__always)
    init(kind: JSONKind, start: Int, end: Int, next: Int, flagged: Bool = false) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = Int32(truncatingIfNeeded: next)
        self.info = UInt32(kind.rawValue) | (flagged ? Self.flag : 0)
    }

    @inlinable
    var kind: JSONKind {
        @inline(__always) get {
            guard let kind = JSONKind(rawValue: UInt8(info & 7)) else { preconditionFailure("A tape entry has no kind; the tape was overwritten") }
            return kind
        }
    }

    @inlinable
    var isFlagged: Bool {
        @inline(__always) get { info & Self.flag != 0 }
    }

    @inlinable
    var childCount: Int {
        @inline(__always) get { Int(info >> 4) }
    }
}
