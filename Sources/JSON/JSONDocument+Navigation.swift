extension JSONDocument {
    /// How many elements an array or members an object has, duplicates counted; 0 for anything else.
    @inlinable
    public func count(_ node: JSONNode) -> Int { entry(node).childCount }

    /// The first element; nil for an empty array and for anything that is no array.
    @inlinable
    public func firstElement(of array: JSONNode) -> JSONNode? {
        let entry = entry(array)
        return entry.kind == .array && entry.childCount > 0 ? JSONNode(index: array.index + 1) : nil
    }

    /// The element after `element`, which is one of `array`; nil after the last.
    @inlinable
    public func nextElement(after element: JSONNode, in array: JSONNode) -> JSONNode? {
        let next = entry(element).next
        return next < entry(array).next ? JSONNode(index: next) : nil
    }

    /// The first member; nil for an empty object and for anything that is no object.
    @inlinable
    public func firstMember(of object: JSONNode) -> JSONMember? {
        let entry = entry(object)
        return entry.kind == .object && entry.childCount > 0 ? member(keyAt: object.index + 1) : nil
    }

    /// The member after `member`, which is one of `object`; nil after the last.
    @inlinable
    public func nextMember(after member: JSONMember, in object: JSONNode) -> JSONMember? {
        let next = entry(member.value).next
        return next < entry(object).next ? self.member(keyAt: next) : nil
    }

    /// The value of the member of this name; nil if there is none or `object` is no object.
    ///
    /// Keys compare code unit by code unit after unescaping (RFC 8259 §8.3). Of duplicates the last one counts, as in most readers (§4 leaves it
    /// open); `firstDuplicateKey(of:)` says whether there are any. Looks at every member, so walk a large object instead of asking it often.
    public func member(_ name: StaticString, of object: JSONNode) -> JSONNode? {
        guard name.hasPointerRepresentation else { return member(name.description, of: object) }
        return member(unsafe RawSpan(_unsafeStart: UnsafeRawPointer(name.utf8Start), byteCount: name.utf8CodeUnitCount), of: object)
    }

    /// The value of the member of this name; see the variant for literals.
    public func member(_ name: String, of object: JSONNode) -> JSONNode? { member(name.rawBytes, of: object) }

    // MARK: -

    private func member(_ name: RawSpan, of object: JSONNode) -> JSONNode? {
        let container = entry(object)
        guard container.kind == .object else { return nil }
        let text = JSONBytes(bytes)
        let name = JSONBytes(name)
        var found: JSONNode?
        var index = object.index + 1
        while index < container.next {
            let key = tape[Int(index)]
            let isMatch =
                if key.isFlagged {
                    matches(JSONNode(index: index), name.raw)
                } else {
                    Int(key.end - key.start) - 2 == name.count && text.equals(name, from: Int(key.start) + 1, count: name.count, at: 0)
                }
            if isMatch { found = JSONNode(index: index + 1) }
            index = tape[Int(index) + 1].next
        }
        return found
    }

    @inlinable
    func member(keyAt index: Int32) -> JSONMember { JSONMember(key: JSONNode(index: index), value: JSONNode(index: index + 1)) }
}
