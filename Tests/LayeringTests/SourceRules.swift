/// The rules that source text is held to. Each returns what breaks it, as `path:line: what`.
enum SourceRules {
    /// Every import has to stand in the importing target's row.
    static func forbiddenImports(in source: SourceText, rows: [String: ImportRow] = ImportTable.rows) -> [String] {
        guard let row = rows[source.target] else { return ["\(source.path):1: the target \(source.target) has no row in the import table"] }
        var allowed = ImportTable.always.union(row.ours).union(row.packages)
        if row.foundation { allowed.formUnion(ImportTable.foundation) }
        return source.linesWithoutComments.enumerated().compactMap { index, line in
            guard let module = importedModule(line), !allowed.contains(module) else { return nil }
            return "\(source.path):\(index + 1): \(source.target) may not import \(module)"
        }
    }

    /// The module that a line imports: attributes, access levels and `import struct Module.Name` included.
    static func importedModule(_ line: Substring) -> String? {
        var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ";" })[...]
        while let word = words.first, word.hasPrefix("@") || accessLevels.contains(String(word)) { words = words.dropFirst() }
        guard words.first == "import" else { return nil }
        words = words.dropFirst()
        if let word = words.first, importKinds.contains(String(word)) { words = words.dropFirst() }
        return words.first?.split(separator: ".").first.map(String.init)
    }

    private static let accessLevels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
    private static let importKinds: Set<String> = ["typealias", "struct", "class", "enum", "protocol", "let", "var", "func"]

    /// Where C is called and memory is handled by hand. Strict memory safety makes every such expression say `unsafe`.
    static let unsafeTargets: Set<String> = ["Hashing", "Threading", "Postgres", "Kafka", "JSON", "Outbound", "hindcast"]

    static func unsafeCode(in source: SourceText) -> [String] {
        guard !unsafeTargets.contains(source.target) else { return [] }
        return source.linesWithoutComments.enumerated().filter { words(in: $0.element).contains { $0.text == "unsafe" } }
            .map { "\(source.path):\($0.offset + 1): \(source.target) may hold no unsafe code" }
    }

    /// Every SQL statement on an owned table stands in its owner. Views and functions of the schema are in migrations and are no Swift.
    static func foreignTables(in source: SourceText) -> [String] {
        var previous = ""
        return source.linesWithoutComments.enumerated().flatMap { index, line in
            words(in: line).compactMap { word -> String? in
                defer { previous = word.text }
                guard let owner = TableOwners.owner(of: word.text, qualified: word.qualified, after: previous), owner != source.target else {
                    return nil
                }
                return "\(source.path):\(index + 1): the table \(word.text) belongs to \(owner)"
            }
        }
    }

    /// The identifiers of a line, each with whether `hindcast.` stands before it.
    private static func words(in line: Substring) -> [(text: String, qualified: Bool)] {
        var found: [(text: String, qualified: Bool)] = []
        let bytes = line.utf8
        var position = bytes.startIndex
        while let start = bytes[position...].firstIndex(where: isWordByte) {
            let end = bytes[start...].firstIndex { !isWordByte($0) } ?? bytes.endIndex
            let qualified = found.last?.text == "hindcast" && bytes[position..<start].elementsEqual([UInt8(ascii: ".")])
            found.append((String(line[start..<end]), qualified))
            position = end
        }
        return found
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// Which module's SQL may name which table.
enum TableOwners {
    /// Names that mean nothing but the table, wherever they stand.
    static let unmistakable = [
        "ingest_batch": "EventLog", "source_cursor": "EventLog", "control_event": "Catalog", "control_counter": "Catalog",
        "live_generation": "Catalog",
    ]
    /// Names that are also columns or English words: they mean the table after `hindcast.` or after an SQL keyword that takes a table.
    static let inTablePosition = [
        "event": "EventLog", "segment": "EventLog", "log_hole": "EventLog", "template_version": "Catalog", "epoch": "Catalog",
        "generation": "Catalog",
    ]
    private static let takesTable: Set<String> = ["FROM", "JOIN", "INTO", "UPDATE", "COPY", "TABLE", "USING", "ONLY", "TRUNCATE"]

    static func owner(of word: String, qualified: Bool, after previous: String) -> String? {
        if let owner = unmistakable[word] { return owner }
        return qualified || takesTable.contains(previous) ? inTablePosition[word] : nil
    }
}
