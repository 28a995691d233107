extension JSONDocument {
    /// Whether a string has escapes, so that its bytes are not its text; false for anything that is no string.
    @inlinable
    public func hasEscapes(_ node: JSONNode) -> Bool {
        let entry = entry(node)
        return entry.isFlagged && entry.kind == .string
    }

    /// Whether the node is a string (or key) of this text: code unit by code unit, after unescaping.
    public func equals(_ node: JSONNode, _ text: StaticString) -> Bool {
        guard text.hasPointerRepresentation else { return equals(node, text.description) }
        return kind(node) == .string
            && matches(node, unsafe RawSpan(_unsafeStart: UnsafeRawPointer(text.utf8Start), byteCount: text.utf8CodeUnitCount))
    }

    /// Whether the node is a string (or key) of this text: code unit by code unit, after unescaping. Unlike `==` of strings, this does not take a
    /// composed and a decomposed letter for the same.
    public func equals(_ node: JSONNode, _ text: String) -> Bool { kind(node) == .string && matches(node, text.rawBytes) }

    /// The text of a string, unescaped; of any other value, its bytes as they stand.
    public func string(_ node: JSONNode) -> String {
        guard hasEscapes(node) else { return String(copying: text(node)) }
        var unescaped: [UInt8] = []
        unescape(node, into: &unescaped)
        return String(copying: unescaped.rawBytes)
    }

    /// Appends the text of a string, unescaped, as UTF-8; of any other value, its bytes as they stand. What `buffer` held stays.
    public func unescape(_ node: JSONNode, into buffer: inout [UInt8]) {
        let text = text(node)
        guard hasEscapes(node) else {
            buffer.append(copying: text)
            return
        }
        var unescaping = JSONUnescaping(JSONBytes(text))
        while let chunk = unescaping.next() {
            switch chunk {
            case .plain(let range): buffer.append(copying: text.extracting(range))
            case .scalar(let scalar): JSONUTF8.append(scalar, to: &buffer)
            }
        }
    }

    /// Whether the text of a string node is `expected`, without a copy of it.
    func matches(_ node: JSONNode, _ expected: RawSpan) -> Bool {
        let text = JSONBytes(text(node))
        let expected = JSONBytes(expected)
        guard entry(node).isFlagged else { return text.count == expected.count && text.equals(expected, from: 0, count: text.count, at: 0) }
        guard text.count >= expected.count else { return false }  // no escape is shorter than what it stands for
        var position = 0
        var unescaping = JSONUnescaping(text)
        while let chunk = unescaping.next() {
            switch chunk {
            case .plain(let range):
                guard position + range.count <= expected.count, text.equals(expected, from: range.lowerBound, count: range.count, at: position) else {
                    return false
                }
                position += range.count
            case .scalar(let scalar):
                let length = Unicode.Scalar(scalar).map { UTF8.width($0) } ?? 0
                guard position + length <= expected.count, expected[position] == JSONUTF8.lead(of: scalar, length: length),
                    JSONUTF8.scalar(at: position, length: length, in: expected) == scalar
                else { return false }
                position += length
            }
        }
        return position == expected.count
    }
}
