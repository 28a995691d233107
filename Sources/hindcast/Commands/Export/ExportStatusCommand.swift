import ArgumentParser
import Diagnostics
import Logging
import Postgres

/// `hindcast export status`.
struct ExportStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how each export and destination is, as `hindcast project` last saw it.",
        discussion: """
            Examples:
              hindcast export status
              hindcast export status --tenant app --format json
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: "Only exports of this tenant.")
    var tenant: String?

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .dashboard)
        let rows = try connection.query(SelectExportStatus(tenant: tenant))
        if rows.isEmpty { try ExportLookup.refuseUnknown(tenant: tenant, on: &connection) }
        let report = ExportStatusReport(rows: rows, ago: Ago(now: Clock.now))
        format.print(text: report.lines, json: { report.json })
    }
}
