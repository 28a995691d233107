extension JSONTree {
    /// The canonical form: bytes that are equal for documents that mean the same, and the text that template versions are hashed over.
    ///
    /// - No white space.
    /// - Members sorted by the UTF-16 code units of their keys (RFC 8785 §3.2.3); of duplicate keys only the last member stays, the one that
    ///   `subscript` and `JSONDocument.member` answer with.
    /// - Strings with the fewest escapes (RFC 8785 §3.2.2.2), not normalised.
    /// - Numbers in a form that depends on their decimal value alone, exact at any length: no rounding to a double, which is where this leaves
    ///   RFC 8785. For numbers that a double's shortest digits write, both forms are the same. See `JSONDecimal`.
    public func canonicalBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        appendCanonical(to: &bytes)
        return bytes
    }

    private func appendCanonical(to bytes: inout [UInt8]) {
        switch content {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let text): JSONDecimal(JSONBytes(text.rawBytes)).append(to: &bytes)
        case .string(let value): bytes.appendQuoted(value.rawBytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.appendCanonical(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in Self.canonicalOrder(members).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.appendQuoted(member.key.rawBytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.appendCanonical(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func canonicalOrder(_ members: [Member]) -> [Member] {
        // Sorting is stable, so the last of equal keys is the last of the document.
        let sorted = members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
        return sorted.indices.filter { $0 + 1 == sorted.count || !sorted[$0].key.hasSameUTF8(as: sorted[$0 + 1].key) }.map { sorted[$0] }
    }
}
