/// A document that was read: a view of a reader's tape and of the bytes, valid as long as neither changes.
///
/// Nodes are only meaningful for the document they came from; a node of another one gives wrong answers or stops the program, but never reads
/// outside of the bytes. Offsets are in bytes from the start of what was read.
public struct JSONDocument: ~Escapable {
    @usableFromInline let tape: Span<JSONTapeEntry>
    @usableFromInline let bytes: RawSpan

    @_lifetime(copy tape, copy bytes)
    init(tape: Span<JSONTapeEntry>, bytes: RawSpan) {
        self.tape = tape
        self.bytes = bytes
    }

    /// The whole value.
    @inlinable
    public var root: JSONNode { JSONNode(index: 0) }

    /// What the value is.
    @inlinable
    public func kind(_ node: JSONNode) -> JSONKind { entry(node).kind }

    /// The value's first byte; of a string, its quotation mark.
    @inlinable
    public func offset(_ node: JSONNode) -> Int { Int(entry(node).start) }

    /// One past the value's last byte; of a string, past its closing quotation mark.
    @inlinable
    public func endOffset(_ node: JSONNode) -> Int { Int(entry(node).end) }

    /// The value's bytes as they stand: of a string what is between its quotation marks, escapes and all; of an array or object everything from
    /// bracket to bracket.
    @inlinable
    @_lifetime(copy self)
    public func text(_ node: JSONNode) -> RawSpan {
        let entry = entry(node)
        let inset = entry.kind == .string ? 1 : 0
        return bytes.extracting(Int(entry.start) + inset..<Int(entry.end) - inset)
    }

    /// The value's bytes as they stand, of a string with its quotation marks: a JSON text of its own.
    @inlinable
    @_lifetime(copy self)
    public func source(_ node: JSONNode) -> RawSpan {
        let entry = entry(node)
        return bytes.extracting(Int(entry.start)..<Int(entry.end))
    }

    @inlinable
    @inline(__always)
    func entry(_ node: JSONNode) -> JSONTapeEntry { tape[Int(node.index)] }
}
