/// A value of a YAML document.
indirect enum YAMLValue: Equatable {
    case scalar(String)
    case list([YAMLValue])
    case map([String: YAMLValue])

    subscript(key: String) -> YAMLValue? {
        if case .map(let entries) = self { entries[key] } else { nil }
    }

    var text: String? {
        if case .scalar(let text) = self { text } else { nil }
    }

    var keys: [String] {
        if case .map(let entries) = self { entries.keys.sorted() } else { [] }
    }

    /// The items of a list as text; a scalar is a list of one.
    var texts: [String] {
        switch self {
        case .scalar(let text): [text]
        case .list(let items): items.compactMap(\.text)
        case .map: []
        }
    }
}

/// Why a document was refused.
struct YAMLError: Error, Equatable {
    var line: Int
    var reason: String
}

/// Reads the part of YAML that our own files keep to: nested maps and lists in blocks, lists of scalars in brackets, quoted and plain scalars, comments,
/// anchors on maps and aliases. Whatever else YAML has is refused, so a document that passes here means the same to every reader.
struct BlockYAML {
    private struct Line {
        var number: Int
        var indent: Int
        var content: Substring
    }

    private var lines: [Line] = []
    private var position = 0
    private var anchors: [String: YAMLValue] = [:]

    static func parse(_ text: String) throws(YAMLError) -> YAMLValue {
        var parser = try BlockYAML(text)
        let value = try parser.block(indent: 0)
        if let line = parser.current { throw YAMLError(line: line.number, reason: "indentation does not match anything above") }
        return value
    }

    private init(_ text: String) throws(YAMLError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = Self.withoutComment(line.drop { $0 == " " })
            if content.isEmpty { continue }
            if content.contains("\t") { throw YAMLError(line: index + 1, reason: "a tab") }
            lines.append(Line(number: index + 1, indent: line.prefix { $0 == " " }.count, content: content))
        }
    }

    private static func withoutComment(_ content: Substring) -> Substring {
        var quote: Character?
        var before: Character = " "
        var end = content.endIndex
        for index in content.indices {
            let character = content[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "#", before == " " {
                end = index
                break
            }
            before = character
        }
        var result = content[..<end]
        while result.last == " " { result.removeLast() }
        return result
    }

    private var current: Line? { position < lines.count ? lines[position] : nil }

    private mutating func block(indent: Int) throws(YAMLError) -> YAMLValue {
        guard let first = current, first.indent == indent else { throw YAMLError(line: current?.number ?? 0, reason: "a nested block is expected") }
        return first.content.hasPrefix("- ") ? .list(try items(indent: indent)) : .map(try entries(indent: indent))
    }

    private mutating func items(indent: Int) throws(YAMLError) -> [YAMLValue] {
        var items: [YAMLValue] = []
        while let line = current, line.indent == indent {
            guard line.content.hasPrefix("- ") else { throw YAMLError(line: line.number, reason: "a list item is expected") }
            position += 1
            items.append(try value(line.content.dropFirst(2), line))
        }
        return items
    }

    private mutating func entries(indent: Int) throws(YAMLError) -> [String: YAMLValue] {
        var entries: [String: YAMLValue] = [:]
        while let line = current, line.indent == indent {
            guard let colon = Self.colon(in: line.content) else { throw YAMLError(line: line.number, reason: "a key with a colon is expected") }
            let key = String(line.content[..<colon])
            guard key.allSatisfy({ $0.isLetter || $0.isNumber || "_-.".contains($0) }), !key.isEmpty else {
                throw YAMLError(line: line.number, reason: "the key '\(key)' is not a plain one")
            }
            guard entries[key] == nil else { throw YAMLError(line: line.number, reason: "the key '\(key)' stands twice") }
            position += 1
            entries[key] = try entryValue(line.content[colon...].dropFirst().drop { $0 == " " }, line)
        }
        return entries
    }

    /// The colon that ends a key: followed by a space or by nothing.
    private static func colon(in content: Substring) -> Substring.Index? {
        content.indices.first { index in
            guard content[index] == ":" else { return false }
            let next = content.index(after: index)
            return next == content.endIndex || content[next] == " "
        }
    }

    private mutating func entryValue(_ rest: Substring, _ line: Line) throws(YAMLError) -> YAMLValue {
        if rest.hasPrefix("&") {
            let nested = try nestedBlock(below: line)
            anchors[String(rest.dropFirst())] = nested
            return nested
        }
        if rest.hasPrefix("*") {
            guard let value = anchors[String(rest.dropFirst())] else {
                throw YAMLError(line: line.number, reason: "the alias \(rest) has no anchor above")
            }
            return value
        }
        return rest.isEmpty ? try nestedBlock(below: line) : try value(rest, line)
    }

    /// What is indented deeper than a key; a key with nothing below it is empty.
    private mutating func nestedBlock(below line: Line) throws(YAMLError) -> YAMLValue {
        guard let next = current, next.indent > line.indent else { return .scalar("") }
        return try block(indent: next.indent)
    }

    private func value(_ text: Substring, _ line: Line) throws(YAMLError) -> YAMLValue {
        if text.hasPrefix("[") {
            guard text.hasSuffix("]") else { throw YAMLError(line: line.number, reason: "a bracket is not closed on its line") }
            var items: [YAMLValue] = []
            for item in text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false) {
                items.append(.scalar(try scalar(Self.withoutComment(item.drop { $0 == " " }), line)))
            }
            return .list(items)
        }
        return .scalar(try scalar(text, line))
    }

    private func scalar(_ text: Substring, _ line: Line) throws(YAMLError) -> String {
        if let quote = text.first, quote == "\"" || quote == "'" {
            let inner = text.dropFirst().dropLast()
            guard text.count >= 2, text.last == quote, !inner.contains(quote), !inner.contains("\\") else {
                throw YAMLError(line: line.number, reason: "a quote is not closed, or something is escaped: \(text)")
            }
            return String(inner)
        }
        guard let first = text.first, !"&*!|>%@`{}[],?#-".contains(first), Self.colon(in: text) == nil else {
            throw YAMLError(line: line.number, reason: "'\(text)' needs quotes, or is of a form that is not read here")
        }
        return String(text)
    }
}
