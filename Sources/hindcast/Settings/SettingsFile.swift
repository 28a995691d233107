import JSON
import Yams

/// The settings file: YAML whose levels are the parts of the settings' names.
struct SettingsFile: Sendable {
    /// A value as text, and the line that it stands on. Lists and maps are JSON text.
    struct Entry: Hashable, Sendable {
        let text: String
        let line: Int
    }

    /// Values by the setting's name.
    let entries: [String: Entry]

    /// Reads a file's content.
    ///
    /// - Parameter path: only to be named in errors.
    /// - Throws: ``OperatorError`` for what is no YAML, and for names that no setting has.
    init(_ text: String, path: String) throws(OperatorError) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw OperatorError(.usage, "\(path) is not YAML: \(Self.reason(error)). Correct it there.")
        }
        var entries: [String: Entry] = [:]
        if let root, !root.isNothing { try Self.collect(root, prefix: "", path: path, into: &entries) }
        self.entries = entries
    }

    /// Walks down to the settings.
    private static func collect(_ node: Node, prefix: String, path: String, into entries: inout [String: Entry]) throws(OperatorError) {
        guard let mapping = node.mapping else {
            let place = prefix.isEmpty ? path : "\(path), line \(node.line): \(prefix)"
            throw OperatorError(.usage, "\(place) holds \(node.kindName), expected names with values, such as `postgres:` and below it `url: …`.")
        }
        for (nameNode, value) in mapping {
            guard let part = nameNode.scalar?.string else {
                throw OperatorError(.usage, "\(path), line \(nameNode.line): a name is \(nameNode.kindName), expected text.")
            }
            let name = prefix.isEmpty ? part : "\(prefix).\(part)"
            if let key = SettingKey.named(name) {
                if value.isNothing { continue }
                entries[name] = Entry(text: try Self.text(of: value, for: key, path: path), line: value.line)
            } else if SettingKey.all.contains(where: { $0.name.hasPrefix(name + ".") }) {
                if value.isNothing { continue }
                try collect(value, prefix: name, path: path, into: &entries)
            } else {
                throw OperatorError(.usage, "\(path), line \(nameNode.line): " + SettingsError.unknown(name))
            }
        }
    }

    private static func text(of node: Node, for key: SettingKey, path: String) throws(OperatorError) -> String {
        switch key.form {
        case .map, .topics:
            if let scalar = node.scalar { return scalar.string }
            var writer = JSONWriter()
            writer.tree(key.form == .map ? .object(Self.flattened(node, prefix: "")) : node.tree)
            return String(decoding: writer.bytes, as: UTF8.self)
        case .text, .wholeNumber, .boolean, .choice:
            guard let scalar = node.scalar else {
                throw OperatorError(.usage, "\(path), line \(node.line): \(key.name) is \(node.kindName), expected \(key.formName).")
            }
            return scalar.string
        }
    }

    /// librdkafka's property names have points in them, so levels and points mean the same.
    private static func flattened(_ node: Node, prefix: String) -> [JSONTree.Member] {
        guard let mapping = node.mapping else { return [JSONTree.Member(key: prefix, value: node.tree)] }
        return mapping.flatMap { name, value in
            let part = name.scalar?.string ?? ""
            return flattened(value, prefix: prefix.isEmpty ? part : "\(prefix).\(part)")
        }
    }

    /// The parser's complaint on one line, without the line of the file that it would quote: it may hold a password.
    private static func reason(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "\(problem), line \(mark.line), column \(mark.column)"
        case .reader(let problem, _, _, _): problem
        case .duplicatedKeysInMapping(let duplicates, let context):
            "a name stands twice, line \(context.mark.line): \(duplicates.joined(separator: ", "))"
        default: "it cannot be read"
        }
    }
}

extension Node {
    fileprivate var line: Int { mark?.line ?? 1 }

    /// An empty value or `~`; an empty text in quotes is one.
    fileprivate var isNothing: Bool {
        guard let scalar else { return false }
        return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    }

    fileprivate var kindName: String {
        if mapping != nil { return "a map" }
        return sequence != nil ? "a list" : "a single value"
    }

    /// The value as JSON; every scalar is a string.
    fileprivate var tree: JSONTree {
        if let mapping { return .object(mapping.map { JSONTree.Member(key: $0.scalar?.string ?? "", value: $1.tree) }) }
        if let sequence { return .array(sequence.map(\.tree)) }
        return .string(scalar?.string ?? "")
    }
}
