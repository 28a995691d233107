import ArgumentParser
import Diagnostics
import Exports
import JSON
import Logging
import Postgres

/// `hindcast export show`.
struct ExportShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one export: its definition, its destinations, and their versions.",
        discussion: """
            Secrets were masked when the definitions were stored; there are none to show.

            Examples:
              hindcast export show e-7f3a
              hindcast export show e-7f3a --tenant app --format json
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("The export's id.", valueName: "export"))
    var export: String

    @Option(help: "The export's tenant, where several have one of this id.")
    var tenant: String?

    @Option(help: "text, or json (one object).")
    var format = ReportFormat.text

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let known = try KnownExports.all(on: &connection).values.filter { (tenant == nil || $0.tenant == tenant) && $0.exports[export] != nil }
        guard let own = known.first else {
            let owner = tenant.map { " of tenant \"\($0)\"" } ?? ""
            throw OperatorError(.usage, "No export \"\(export)\"\(owner) is known; `hindcast export list` shows those that are.")
        }
        guard known.count == 1, let report = ExportReport(export, own, try ExportBinding.all(on: &connection)) else {
            let tenants = known.map { "\"\($0.tenant)\"" }.sorted().joined(separator: ", ")
            throw OperatorError(.usage, "Tenants \(tenants) have an export \"\(export)\" each; name one with --tenant.")
        }
        format.print(text: report.lines, json: { [JSONTree.object(report.members + report.versions).onOneLine] })
    }
}
