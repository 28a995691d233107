internal import JSON

/// A place in a document (RFC 6901), and what JSON Patch does there (RFC 6902).
struct JSONPointer: Hashable, Sendable {
    private(set) var tokens: [String] = []

    /// The pointer's text.
    var text: String { tokens.map { "/" + SchemaDecision.escaped($0) }.joined() }

    func appending(_ token: String) -> JSONPointer {
        var longer = self
        longer.tokens.append(token)
        return longer
    }

    /// The document with a value added: to the end of an array by `-`, in an object as a member or in its place (RFC 6902 §4.1). Nil where there is no such place.
    func adding(_ value: JSONTree, to tree: JSONTree) -> JSONTree? { Self.add(value, to: tree, tokens[...]) }

    /// The value at the place.
    func value(in tree: JSONTree) -> JSONTree? {
        var value: JSONTree? = tree
        for token in tokens {
            guard let container = value else { return nil }
            value = container.kind == .array ? Self.index(token, below: container.elements.count).map { container.elements[$0] } : container[token]
        }
        return value
    }

    /// Where each object of a document is, by the byte at which it stands.
    static func ofObjects(in tree: JSONTree) -> [Int: JSONPointer] {
        var found: [Int: JSONPointer] = [:]
        var pending = [(tree, JSONPointer())]
        while let (value, pointer) = pending.popLast() {
            if value.kind == .object { found[value.offset] = pointer }
            for (index, element) in value.elements.enumerated() { pending.append((element, pointer.appending("\(index)"))) }
            for member in value.members { pending.append((member.value, pointer.appending(member.key))) }
        }
        return found
    }

    private static func add(_ value: JSONTree, to tree: JSONTree, _ tokens: ArraySlice<String>) -> JSONTree? {
        guard let token = tokens.first else { return value }
        let rest = tokens.dropFirst()
        if tree.kind == .array {
            if rest.isEmpty, token == "-" { return .array(tree.elements + [value]) }
            guard let index = index(token, below: tree.elements.count), !rest.isEmpty, let inner = add(value, to: tree.elements[index], rest) else {
                return nil
            }
            var elements = tree.elements
            elements[index] = inner
            return .array(elements)
        }
        guard tree.kind == .object else { return nil }
        var members = tree.members
        let index = members.lastIndex { $0.key.utf8.elementsEqual(token.utf8) }
        if rest.isEmpty {
            let member = JSONTree.Member(key: token, value: value)
            if let index { members[index] = member } else { members.append(member) }
            return .object(members)
        }
        guard let index, let inner = add(value, to: members[index].value, rest) else { return nil }
        members[index] = JSONTree.Member(key: token, value: inner)
        return .object(members)
    }

    private static func index(_ token: String, below count: Int) -> Int? { Int(token).flatMap { (0..<count).contains($0) ? $0 : nil } }
}
