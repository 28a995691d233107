import Diagnostics
import Exports
import JSON

/// What a comparison of the log with a destination found, for people and for programs.
struct ReconciliationReport {
    let result: Reconciliation

    private var counts: [(name: String, value: Int64)] {
        [
            ("expected", result.expected), ("delivered", result.delivered), ("missing", result.missing), ("repeated", result.repeated),
            ("late", result.late), ("unexpected", result.unexpected), ("malformed", result.malformed), ("undecided", result.undecided),
        ]
    }

    /// One line of what was compared, then one a count.
    var lines: [String] {
        let route = "\(PrintableText.of(result.route.exportID)) to \(PrintableText.of(result.route.destinationID))"
        return ["export \(route), events from \(result.times.lowerBound.rfc3339) to before \(result.times.upperBound.rfc3339)"]
            + counts.map { "  \($0.name)\(String(repeating: " ", count: 12 - $0.name.count))\($0.value)" }
    }

    /// One object on one line.
    var json: String {
        let members: [(String, JSONTree)] = [
            ("tenant", .string(result.route.tenant)), ("export_id", .string(result.route.exportID)),
            ("destination_id", .string(result.route.destinationID)), ("reconciliation", result.number.map { .integer($0) } ?? .null),
            ("from", .string(result.times.lowerBound.rfc3339)), ("to", .string(result.times.upperBound.rfc3339)),
        ]
        let all = members + counts.map { ($0.name, JSONTree.integer($0.value)) }
        return JSONTree.object(all.map { JSONTree.Member(key: $0.0, value: $0.1) }).onOneLine
    }
}
