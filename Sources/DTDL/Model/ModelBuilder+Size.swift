internal import JSON

extension ModelBuilder {
    /// Checks that no Interface of a document is larger than allowed; an Interface within another one counts for itself (DTDL v3 and v4, "Interface").
    mutating func checkSize(of bytes: [UInt8]) {
        guard let text = try? SourceText.utf8(bytes) else { return }
        var reader = JSONReader()
        guard (try? reader.read(text.rawBytes)) != nil else { return }
        let document = reader.document(over: text.rawBytes)
        var sizes: [Int: Int] = [:]
        _ = Self.measure(document.root, document, into: &sizes)
        for element in elements where element.document == self.document && metamodel.classes[element.className]?.isPartition ?? false {
            guard let limit = metamodel.partitionBytes[element.version]?[element.limit], let size = sizes[element.json.offset], size > limit else {
                continue
            }
            report(
                "partitionTooLarge", at: element.json, element: element.identifier,
                cause: "The Interface has \(size) bytes, more than \(limit).", action: "Divide it.")
        }
    }

    /// The bytes of a value without the Interfaces in it, whose own sizes are kept by their offsets; the value's own number if it is an Interface.
    private static func measure(_ node: JSONNode, _ document: borrowing JSONDocument, into sizes: inout [Int: Int]) -> Int {
        let whole = document.endOffset(node) - document.offset(node)
        var inner = 0
        var isInterface = false
        if document.kind(node) == .array {
            var next = document.firstElement(of: node)
            while let element = next {
                inner += measure(element, document, into: &sizes)
                next = document.nextElement(after: element, in: node)
            }
        } else if document.kind(node) == .object {
            var next = document.firstMember(of: node)
            while let member = next {
                if document.equals(member.key, "@type") { isInterface = names(member.value, document) }
                inner += measure(member.value, document, into: &sizes)
                next = document.nextMember(after: member, in: node)
            }
        }
        guard isInterface else { return inner }
        sizes[document.offset(node)] = whole - inner
        return whole
    }

    private static func names(_ types: JSONNode, _ document: borrowing JSONDocument) -> Bool {
        if document.equals(types, "Interface") { return true }
        var next = document.firstElement(of: types)
        while let type = next {
            if document.equals(type, "Interface") { return true }
            next = document.nextElement(after: type, in: types)
        }
        return false
    }
}
