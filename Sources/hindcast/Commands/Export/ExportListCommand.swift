import ArgumentParser
import Diagnostics
import Exports
import JSON
import Logging
import Postgres

/// `hindcast export list`.
struct ExportListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the exports that are known, from imports and from events.",
        discussion: """
            Examples:
              hindcast export list
              hindcast export list --tenant app --format json
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: "Only exports of this tenant.")
    var tenant: String?

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let known = try KnownExports.all(on: &connection).filter { tenant == nil || $0.key == tenant }.values.sorted { $0.tenant < $1.tenant }
        let bindings = try ExportBinding.all(on: &connection)
        let reports = known.flatMap { known in
            known.exports.keys.sorted().compactMap { ExportReport($0, known, bindings) }
        }
        format.print(text: { ExportReport.table(reports, $0) }, json: { reports.map { JSONTree.object($0.members).onOneLine } })
    }
}
