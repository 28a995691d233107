/// Expands what Grafana replaces in a query before Postgres sees it: the macros of its PostgreSQL data source, and variables in the formats that our
/// dashboards use. Whatever begins with `$` and is none of these is an error, so that no query passes here which Grafana would send as it stands.
///
/// Source: Grafana's documentation, "PostgreSQL query editor", Macros, and "Variable syntax", Advanced variable format options.
struct GrafanaQuery {
    /// The values of a variable; several where it is multi-valued.
    let variables: [String: [String]]
    /// The time range, RFC 3339.
    let from: String
    let to: String
    /// Milliseconds between two points that a panel can show.
    var interval = 60_000

    /// What cannot be expanded.
    struct Failure: Error, Equatable {
        let reason: String
    }

    /// The query as Postgres gets it.
    func expand(_ text: String) throws(Failure) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "$") {
            result += rest[..<start]
            rest = rest[rest.index(after: start)...]
            result += try replacement(&rest)
        }
        return result + rest
    }

    // MARK: -

    /// What stands for the text behind a `$`, which is taken off.
    private func replacement(_ rest: inout Substring) throws(Failure) -> String {
        if rest.first == "{" {
            guard let end = rest.firstIndex(of: "}") else { throw Failure(reason: "${ without }") }
            let inside = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            let parts = inside.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return try value(of: String(parts[0]), format: parts.count > 1 ? String(parts[1]) : nil)
        }
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        rest = rest[name.endIndex...]
        guard name.hasPrefix("__") else { return try value(of: String(name), format: nil) }
        if name == "__interval_ms" { return "\(interval)" }
        if name == "__interval" { return "\(interval)ms" }
        if name == "__searchFilter" { return "%" }
        guard rest.first == "(", let end = Self.closing(rest) else { throw Failure(reason: "$\(name) without its parentheses") }
        let arguments = Self.arguments(rest[rest.index(after: rest.startIndex)..<end])
        rest = rest[rest.index(after: end)...]
        return try macro(String(name), arguments)
    }

    private func value(of name: String, format: String?) throws(Failure) -> String {
        guard let values = variables[name] else { throw Failure(reason: "no variable \(name)") }
        switch format {
        case nil where values.count == 1: return values[0]
        case "raw" where values.count == 1: return values[0]
        case "sqlstring":
            return values.map { "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'" }.joined(
                separator: ",")
        case "csv": return values.joined(separator: ",")
        default: throw Failure(reason: "the variable \(name) with \(values.count) values in the format \(format ?? "of its own")")
        }
    }

    private func macro(_ name: String, _ arguments: [String]) throws(Failure) -> String {
        switch (name, arguments.count) {
        case ("__time", 1): return "\(arguments[0]) AS \"time\""
        case ("__timeEpoch", 1): return "extract(epoch from \(arguments[0])) AS \"time\""
        case ("__timeFilter", 1): return "\(arguments[0]) BETWEEN '\(from)' AND '\(to)'"
        case ("__timeFrom", 0): return "'\(from)'"
        case ("__timeTo", 0): return "'\(to)'"
        case ("__timeGroup", 2), ("__timeGroup", 3): return try group(arguments)
        case ("__timeGroupAlias", 2), ("__timeGroupAlias", 3): return try group(arguments) + " AS \"time\""
        default: throw Failure(reason: "no macro $\(name) of \(arguments.count) arguments")
        }
    }

    private func group(_ arguments: [String]) throws(Failure) -> String {
        let text = arguments[1].filter { $0 != "'" }
        let units: [(suffix: String, milliseconds: Int)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }), let count = Int(text.dropLast(unit.suffix.count)),
            count * unit.milliseconds >= 1000
        else { throw Failure(reason: "no interval \(arguments[1])") }
        let seconds = count * unit.milliseconds / 1000
        return "floor(extract(epoch from \(arguments[0]))/\(seconds))*\(seconds)"
    }

    /// The parenthesis that closes the one that the text begins with.
    private static func closing(_ text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// The arguments between commas that stand in no parentheses. Intervals among them may be macros themselves, which have no parentheses.
    private static func arguments(_ text: Substring) -> [String] {
        var arguments: [String] = []
        var depth = 0
        var current = ""
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 {
                arguments.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        if !text.isEmpty { arguments.append(current) }
        return arguments.map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    }
}
