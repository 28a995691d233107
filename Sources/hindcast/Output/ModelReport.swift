import DTDL
import JSON

/// What `hindcast template check` says of one model.
struct ModelReport {
    let result: ModelResult
    /// The files of the documents by their numbers: the one that was checked, then those that it needed.
    let paths: [String]

    /// One line for each error: `file:line: id: element: cause; action`.
    var text: [String] {
        result.errors.map { error in
            let severity = error.severity == .warning ? "warning: " : ""
            let element = error.elementID.map { "\($0): " } ?? ""
            let words = "\(Self.withoutStop(error.cause)); \(Self.continued(error.action))"
            return PrintableText.of("\(path(of: error)):\(error.line): \(severity)\(error.code): \(element)\(words)")
        }
            + result.unresolved.map {
                PrintableText.of("\(paths[0]): unresolved: \($0): it is referred to and was not found; name a folder that has it with --models.")
            }
    }

    /// The same, each as an object on one line.
    var json: [String] {
        let errors = result.errors.map { error in
            JSONTree.object([
                "file": .string(path(of: error)), "line": .integer(error.line), "id": .string(error.code),
                "severity": .string(error.severity.rawValue),
                "element": Self.text(error.elementID), "property": Self.text(error.property), "value": Self.text(error.value),
                "cause": .string(error.cause), "action": .string(error.action),
            ])
        }
        let unresolved = result.unresolved.map { identifier in
            JSONTree.object([
                "file": .string(paths[0]), "line": .null, "id": .string("unresolved"), "severity": .string("error"), "element": .null,
                "property": .null,
                "value": .string(identifier), "cause": .string("It is referred to and was not found."),
                "action": .string("Name a folder that has it with --models."),
            ])
        }
        return (errors + unresolved).map(\.onOneLine)
    }

    private func path(of error: ModelError) -> String { paths.indices.contains(error.document) ? paths[error.document] : paths[0] }

    private static func text(_ value: String?) -> JSONTree { value.map { .string($0) } ?? .null }

    private static func withoutStop(_ sentence: String) -> Substring { sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...] }

    private static func continued(_ sentence: String) -> String { sentence.prefix(1).lowercased() + sentence.dropFirst() }
}

extension JSONTree {
    /// The value as text on one line.
    var onOneLine: String {
        var writer = JSONWriter()
        writer.tree(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
