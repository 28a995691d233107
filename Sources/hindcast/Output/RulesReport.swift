import Diagnostics
import JSON

/// What `hindcast rules` prints.
struct RulesReport {
    let rules: [Rule]

    /// A line for each rule.
    func table(_ palette: Palette) -> [String] {
        var table = TextTable(("RULE", .left), ("SEVERITY", .left), ("MEANING", .left))
        for rule in rules { table.add(rule.rawValue, rule.severity.name, rule.meaning) }
        return table.lines(palette)
    }

    /// Everything that is known of each rule.
    var text: [String] {
        rules.flatMap { rule in
            let entry = rule.entry
            return [
                "\(entry.id) (\(entry.severity.name))", "", "  \(entry.meaning)", "", "  What to do: \(entry.action)",
                "  Example:    \(entry.example)",
                "  Source:     \(entry.source)",
            ]
        }
    }

    /// The same, each as an object on one line.
    var json: [String] {
        rules.map { rule in
            JSONTree.object([
                "id": .string(rule.rawValue), "severity": .string(rule.severity.name), "meaning": .string(rule.meaning),
                "action": .string(rule.action),
                "example": .string(rule.entry.example), "source": .string(rule.entry.source),
            ]).onOneLine
        }
    }
}
