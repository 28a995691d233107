import JSON

extension DecodedEvent {
    /// Keeps the text of a JSON string, unescaped and bounded.
    mutating func keep(_ node: JSONNode, of document: JSONDocument) -> Field {
        guard document.hasEscapes(node) else { return keep(document.text(node)) }
        var unescaped: [UInt8] = []
        document.unescape(node, into: &unescaped)
        return keep(unescaped.rawBytes)
    }
}

extension JSONDocument {
    /// A node that has to be a string to mean anything.
    func string(_ node: JSONNode?) -> JSONNode? {
        guard let node, kind(node) == .string else { return nil }
        return node
    }

    /// The time in a string, nil where it is none.
    ///
    /// Some serialisers escape what they need not: the plus sign of an offset arrives as `\u002B` from those that write for HTML.
    func timestamp(_ node: JSONNode) -> Timestamp? {
        guard kind(node) == .string else { return nil }
        guard hasEscapes(node) else { return Timestamp(rfc3339: text(node)) }
        var unescaped: [UInt8] = []
        unescape(node, into: &unescaped)
        return Timestamp(rfc3339: unescaped.rawBytes)
    }
}
