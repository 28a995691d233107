import JSON
import Yams

/// A JSON value as a document of YAML 1.1.
enum YAMLText {
    /// The document with its start, `---`, so that a stream of them can be read.
    ///
    /// - Throws: where libyaml refuses.
    static func document(_ tree: JSONTree) throws -> String {
        try Yams.serialize(node: node(tree), allowUnicode: true, explicitStart: true)
    }

    private static func node(_ tree: JSONTree) -> Node {
        switch tree.kind {
        case .null: plain("null")
        case .trueValue: plain("true")
        case .falseValue: plain("false")
        case .number: plain(tree.numberText ?? "0")
        case .string: string(tree.stringValue ?? "")
        case .array: Node(tree.elements.map(node))
        case .object: Node(tree.members.map { (string($0.key), node($0.value)) })
        }
    }

    private static func plain(_ text: String) -> Node { .scalar(Node.Scalar(text, .implicit, .plain)) }

    /// What would be read as something else where it stood plain is quoted: `true`, `12`, a date.
    private static func string(_ text: String) -> Node {
        let node = Node(text)
        return node.tag == Tag(.str) ? node : .scalar(Node.Scalar(text, Tag(.str), .doubleQuoted))
    }
}
