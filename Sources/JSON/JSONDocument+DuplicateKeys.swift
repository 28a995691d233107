extension JSONDocument {
    /// Whether two members of the object have the same key, after unescaping.
    public func hasDuplicateKeys(_ object: JSONNode) -> Bool { firstDuplicateKey(of: object) != nil }

    /// The first key, in the order of the document, that an earlier member of the same object has already; nil if all differ.
    ///
    /// A hostile object costs no more than linear time: keys are looked up in a set with seeded hashes. Small objects are compared pair by pair.
    public func firstDuplicateKey(of object: JSONNode) -> JSONNode? {
        count(object) <= 12 ? firstDuplicateByPairs(of: object) : firstDuplicateBySet(of: object)
    }

    private func firstDuplicateByPairs(of object: JSONNode) -> JSONNode? {
        var later = firstMember(of: object)
        while let member = later {
            var earlier = firstMember(of: object)
            while let other = earlier, other.key != member.key {
                if haveSameText(other.key, member.key) { return member.key }
                earlier = nextMember(after: other, in: object)
            }
            later = nextMember(after: member, in: object)
        }
        return nil
    }

    private func firstDuplicateBySet(of object: JSONNode) -> JSONNode? {
        var seen: Set<[UInt8]> = []
        seen.reserveCapacity(count(object))
        var next = firstMember(of: object)
        while let member = next {
            var key: [UInt8] = []
            unescape(member.key, into: &key)
            if !seen.insert(key).inserted { return member.key }
            next = nextMember(after: member, in: object)
        }
        return nil
    }

    private func haveSameText(_ left: JSONNode, _ right: JSONNode) -> Bool {
        if !hasEscapes(right) { return matches(left, text(right)) }
        if !hasEscapes(left) { return matches(right, text(left)) }
        var unescaped: [UInt8] = []
        unescape(right, into: &unescaped)
        return matches(left, unescaped.rawBytes)
    }
}
