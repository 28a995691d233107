import ArgumentParser
import Diagnostics
import JSON

/// `hindcast rules`.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Prints the rules that messages are judged by.",
        discussion: """
            Without an id: every rule with its severity and meaning. With one: also what to do, an example and where the rule comes from.

            Examples:
              hindcast rules
              hindcast rules schema-mismatch
              hindcast rules --format json
            """)

    @Argument(help: ArgumentHelp("Only this rule.", valueName: "id"))
    var id: String?

    @Option(help: "text, or json (one object a line).")
    var format = LineFormat.text

    func run() throws {
        let rules = if let id { [try Self.rule(named: id)] } else { Rule.allCases }
        let report = RulesReport(rules: rules)
        for line in format == .json ? report.json : id == nil ? report.table(Palette(isOn: Output.isColoured)) : report.text { Output.line(line) }
    }

    /// The rule with an id.
    ///
    /// - Throws: where there is none, with the nearest.
    static func rule(named id: String) throws(OperatorError) -> Rule {
        if let rule = Rule(rawValue: id) { return rule }
        let nearest = NearestName.of(id, among: Rule.allCases.map(\.rawValue))
        let hint = nearest.map { "did you mean \"\($0)\"?" } ?? "`hindcast rules` lists them."
        throw OperatorError(.usage, "There is no rule \"\(id)\"; \(hint)")
    }
}
