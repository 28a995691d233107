import JSON

/// Reads the members of an export's or a destination's JSON object, and says which of them is wrong.
struct ExportReading {
    /// What it is called in messages: `an export`, `a destination`.
    let noun: String
    let tree: JSONTree

    /// Takes an object; anything else is refused.
    init(_ tree: JSONTree, noun: String) throws(ExportFileError) {
        guard tree.kind == .object else {
            throw ExportFileError(.wrongShape, at: "", "\(noun) is a JSON object; this is \(tree.kind.description)")
        }
        self.noun = noun
        self.tree = tree
    }

    /// A text that has to be there, bounded as all that is indexed.
    func identifier(_ name: String) throws(ExportFileError) -> String {
        let text = try text(name)
        guard !text.isEmpty else {
            throw ExportFileError(.missingMember, at: "/\(name)", "\(noun) needs its \(name), a text; this one has none")
        }
        return BoundedText.bound(text, limit: BoundedText.identifierLimit)
    }

    /// A text; empty where it is absent or null.
    func text(_ name: String) throws(ExportFileError) -> String {
        guard let value = present(name) else { return "" }
        guard let text = value.stringValue else { throw refusal(name, "a text", value) }
        return text
    }

    /// True or false; nil where it is absent or null.
    func flag(_ name: String) throws(ExportFileError) -> Bool? {
        guard let value = present(name) else { return nil }
        guard let flag = value.boolValue else { throw refusal(name, "true or false", value) }
        return flag
    }

    /// A time; nil where it is absent, null, empty, or the year 1, which services write for what has not happened.
    func time(_ name: String) throws(ExportFileError) -> Timestamp? {
        let text = try text(name)
        guard !text.isEmpty else { return nil }
        guard let time = Timestamp(rfc3339: text.rawBytes) else {
            throw ExportFileError(.unknownValue, at: "/\(name)", "expected an RFC 3339 time with its offset, such as 2024-05-01T12:00:00Z")
        }
        return time.isUnset ? nil : time
    }

    /// An object; nil where it is absent or null.
    func object(_ name: String) throws(ExportFileError) -> JSONTree? {
        guard let value = present(name) else { return nil }
        guard value.kind == .object else { throw refusal(name, "an object", value) }
        return value
    }

    /// An array's elements, each an object; none where it is absent or null.
    func objects(_ name: String) throws(ExportFileError) -> [JSONTree] {
        guard let value = present(name) else { return [] }
        guard value.kind == .array else { throw refusal(name, "an array of objects", value) }
        for (index, element) in value.elements.enumerated() where element.kind != .object {
            throw refusal("\(name)/\(index)", "an object", element)
        }
        return value.elements
    }

    /// What a service holds against the object. Tolerant: what it is is the service's business, and an entry without a code is one still.
    func faults() throws(ExportFileError) -> [ExportFault] {
        try objects("errors").map { entry in
            ExportFault(code: entry["code"]?.stringValue ?? "", message: entry["message"]?.stringValue ?? "")
        }
    }

    private func present(_ name: String) -> JSONTree? {
        guard let value = tree[name], !value.isNull else { return nil }
        return value
    }

    private func refusal(_ name: String, _ expected: String, _ value: JSONTree) -> ExportFileError {
        ExportFileError(.wrongShape, at: "/\(name)", "expected \(expected), found \(value.kind.description)")
    }
}
