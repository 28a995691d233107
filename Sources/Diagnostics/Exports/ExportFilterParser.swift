/// Reads `SELECT * FROM … WHERE …`.
struct ExportFilterParser {
    /// One of the templates that are selected from.
    struct Source: Sendable {
        /// The template's id; nil for all devices.
        var template: String?
        /// What conditions call it; empty where they do not.
        var alias: String
    }

    private typealias Token = ExportFilterTokens.Token
    private typealias Expression = ExportFilterExpression

    /// Longest filter that is read, in bytes. The service's own limit for queries is 350.
    static let lengthLimit = 16_384
    /// Deepest nesting: evaluation goes down a call for each.
    static let depthLimit = 64

    private var tokens: ExportFilterTokens
    private var token = Token.end
    private var place = 0
    private var conditions = 0
    private var sources: [Source] = []

    /// Reads the whole filter.
    static func parse(_ text: String) throws(ExportFilterError) -> (sources: [Source], condition: ExportFilterExpression?) {
        guard text.utf8.count <= lengthLimit else {
            throw ExportFilterError(offset: 0, expected: "at most \(lengthLimit) bytes", actual: "\(text.utf8.count)")
        }
        var parser = ExportFilterParser(tokens: ExportFilterTokens(text))
        try parser.advance()
        try parser.take(word: "SELECT")
        try parser.take(sign: "*")
        guard parser.isWord("FROM") else { throw parser.refusal("FROM") }
        try parser.readSources()
        var condition: ExportFilterExpression?
        if parser.isWord("WHERE") {
            try parser.advance()
            condition = try parser.disjunction(depth: 0)
        }
        guard parser.token == .end else { throw parser.refusal("AND, OR or the end") }
        return (parser.sources, condition)
    }

    private init(tokens: ExportFilterTokens) { self.tokens = tokens }

    // MARK: - Sources

    private mutating func readSources() throws(ExportFilterError) {
        while true {
            let start = tokens.place()
            let name = try tokens.source()
            let isTemplate = name.utf8.starts(with: "dtmi:".utf8) || name.utf8.starts(with: "urn:".utf8)
            let isDevices = name.lowercased() == "devices"
            guard isTemplate || isDevices else { throw tokens.refusal(at: start, "devices, or a template's id (dtmi:… or urn:…)") }
            var source = Source(template: isDevices ? nil : name, alias: "")
            try advance()
            if isWord("AS") {
                try advance()
                guard case .word(let alias) = token, !alias.contains(".") else { throw refusal("a name for the template") }
                source.alias = alias
                try advance()
            }
            sources.append(source)
            guard sources.count <= Self.depthLimit else { throw refusal("at most \(Self.depthLimit) templates") }
            // The comma is read, the name behind it is not: a template's id is no token.
            guard token == .sign(",") else { return }
        }
    }

    // MARK: - Conditions

    private mutating func disjunction(depth: Int) throws(ExportFilterError) -> ExportFilterExpression {
        guard depth < Self.depthLimit else { throw refusal("at most \(Self.depthLimit) levels") }
        var left = try conjunction(depth: depth + 1)
        while isWord("OR") {
            try advance()
            left = .any(left, try conjunction(depth: depth + 1))
        }
        return left
    }

    private mutating func conjunction(depth: Int) throws(ExportFilterError) -> ExportFilterExpression {
        var left = try negation(depth: depth + 1)
        while isWord("AND") {
            try advance()
            left = .all(left, try negation(depth: depth + 1))
        }
        return left
    }

    private mutating func negation(depth: Int) throws(ExportFilterError) -> ExportFilterExpression {
        guard depth < 4 * Self.depthLimit else { throw refusal("fewer levels") }
        if isWord("NOT") {
            try advance()
            return .not(try negation(depth: depth + 1))
        }
        if token == .sign("(") {
            try advance()
            let inner = try disjunction(depth: depth + 1)
            try take(sign: ")")
            return inner
        }
        return try condition()
    }

    private mutating func condition() throws(ExportFilterError) -> ExportFilterExpression {
        // A chain of conditions is evaluated a call deeper for each.
        conditions += 1
        guard conditions <= 256 else { throw refusal("at most 256 conditions") }
        let left = try operand()
        if case .sign(let sign) = token, let comparison = ExportFilterExpression.Comparison(rawValue: sign) {
            try advance()
            return .compare(left, comparison, try operand())
        }
        if isWord("IS") {
            try advance()
            let isNegated = isWord("NOT")
            if isNegated { try advance() }
            try take(word: "NULL")
            return isNegated ? .not(.isNull(left)) : .isNull(left)
        }
        let isNegated = isWord("NOT")
        if isNegated { try advance() }
        if isWord("IN") {
            try advance()
            let list = try list()
            return isNegated ? .not(.among(left, list)) : .among(left, list)
        }
        if !isNegated {
            // A name alone is a condition where its value is true or false.
            switch left {
            case .system, .capability: return .compare(left, .equal, .boolean(true))
            case .boolean(let value): return .compare(.boolean(value), .equal, .boolean(true))
            case .text, .number, .null: break
            }
        }
        throw refusal("a comparison, IN or IS")
    }

    private mutating func list() throws(ExportFilterError) -> [ExportFilterExpression.Operand] {
        try take(sign: "(")
        var list = [try operand()]
        while token == .sign(",") {
            try advance()
            list.append(try operand())
        }
        try take(sign: ")")
        return list
    }

    private mutating func operand() throws(ExportFilterError) -> ExportFilterExpression.Operand {
        let operand: ExportFilterExpression.Operand
        switch token {
        case .text(let text): operand = .text(text)
        case .number(let number): operand = .number(number)
        case .word(let word):
            switch word.uppercased() {
            case "TRUE": operand = .boolean(true)
            case "FALSE": operand = .boolean(false)
            case "NULL": operand = .null
            case "AND", "OR", "NOT", "IN", "IS", "WHERE", "FROM", "SELECT", "AS": throw refusal("a name or a constant")
            default: operand = try name(word)
            }
        case .sign, .end: throw refusal("a name or a constant")
        }
        try advance()
        if token == .sign("("), case .system = operand { throw refusal("a comparison; functions are not evaluated") }
        if token == .sign("("), case .capability = operand { throw refusal("a comparison; functions are not evaluated") }
        return operand
    }

    private func name(_ word: String) throws(ExportFilterError) -> ExportFilterExpression.Operand {
        var path = word.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy({ !$0.isEmpty }) else { throw refusal("a name") }
        var template: String?
        if path.count > 1, let source = sources.first(where: { $0.alias == path[0] }) {
            template = source.template
            path.removeFirst()
        }
        if path[0].utf8.first == UInt8(ascii: "$") { return .system(path.joined(separator: ".")) }
        return .capability(template: template, path: path)
    }

    // MARK: - Tokens

    private mutating func advance() throws(ExportFilterError) {
        place = tokens.place()
        token = try tokens.next()
    }

    private func isWord(_ word: String) -> Bool {
        if case .word(let text) = token { text.uppercased() == word } else { false }
    }

    private mutating func take(word: String) throws(ExportFilterError) {
        guard isWord(word) else { throw refusal(word) }
        try advance()
    }

    private mutating func take(sign: String) throws(ExportFilterError) {
        guard token == .sign(sign) else { throw refusal(sign) }
        try advance()
    }

    private func refusal(_ expected: String) -> ExportFilterError { tokens.refusal(at: place, expected) }
}
