/// A position on the tape of one document: a value, or the key of a member.
///
/// It means something only to the `JSONDocument` it came from; nodes compare in the order of the document's bytes.
public struct JSONNode: Hashable, Sendable {
    /// The number of the tape entry, counted from 0 (the root).
    public let index: Int32

    @inlinable
    init(index: Int32) { self.index = index }
}

/// One member of an object.
public struct JSONMember: Sendable {
    /// The key: a node of kind `string`.
    public let key: JSONNode
    /// The value.
    public let value: JSONNode

    @inlinable
    init(key: JSONNode, value: JSONNode) {
        self.key = key
        self.value = value
    }
}
