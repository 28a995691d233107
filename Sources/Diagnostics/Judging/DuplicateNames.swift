import JSON

/// Finds objects among the values that have a name twice.
enum DuplicateNames {
    /// Appends one finding for each such object, at the first name that repeats an earlier one.
    static func find(in section: ValueSection, of document: borrowing JSONDocument, limit: Int, into findings: inout [Finding]) {
        var path: [JSONNode?] = []
        walk(section.node, section, &path, document, limit, &findings)
    }

    /// As deep as the reader reads. An element of an array has no key.
    private static func walk(
        _ node: JSONNode, _ section: ValueSection, _ path: inout [JSONNode?], _ document: borrowing JSONDocument, _ limit: Int,
        _ findings: inout [Finding]
    ) {
        guard findings.count <= limit else { return }
        switch document.kind(node) {
        case .object:
            if document.count(node) > 1, let key = document.firstDuplicateKey(of: node) { report(key, section, path, document, &findings) }
            var member = document.firstMember(of: node)
            while let found = member {
                if document.kind(found.value) == .object || document.kind(found.value) == .array {
                    path.append(found.key)
                    walk(found.value, section, &path, document, limit, &findings)
                    path.removeLast()
                }
                member = document.nextMember(after: found, in: node)
            }
        case .array:
            path.append(nil)
            var element = document.firstElement(of: node)
            while let found = element {
                if document.kind(found) == .object || document.kind(found) == .array {
                    walk(found, section, &path, document, limit, &findings)
                }
                element = document.nextElement(after: found, in: node)
            }
            path.removeLast()
        case .null, .falseValue, .trueValue, .number, .string: break
        }
    }

    private static func report(
        _ key: JSONNode, _ section: ValueSection, _ path: [JSONNode?], _ document: borrowing JSONDocument, _ findings: inout [Finding]
    ) {
        var pointer = ""
        for part in path {
            guard pointer.utf8.count <= BoundedText.pathLimit else { break }
            pointer += part.map { "/\(Judge.escaped(document.string($0)))" } ?? "/*"
        }
        pointer += "/\(Judge.escaped(document.string(key)))"
        // The place is made of names that the device chose, so it is told as what was found: rows of findings are kept per path.
        findings.append(
            Finding(
                rule: .jsonDuplicateKey, path: section.shape == .members ? "" : section.pointer, byteOffset: document.offset(key),
                expected: "every name once", actual: "\(pointer) again"))
    }
}
