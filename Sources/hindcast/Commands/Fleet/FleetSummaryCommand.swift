import ArgumentParser
import Logging
import Postgres

/// `hindcast fleet summary`.
struct FleetSummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary",
        abstract: "Counts the devices of each tenant by health, and the last day's messages.",
        discussion: """
            The counts are those of the last snapshot, which `hindcast project` takes every few seconds.

            Examples:
              hindcast fleet summary
              hindcast fleet summary --format json | jq 'select(.failing > 0)'
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: "Only this tenant.")
    var tenant: String?

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .dashboard)
        let rows = try connection.query(SelectFleet(tenant: tenant ?? ""))
        if rows.isEmpty { try FilterLookup.refuseUnknown(tenant: tenant, on: &connection) }
        let report = FleetSummaryReport(rows: rows, ago: Ago(now: Clock.now))
        format.print(text: report.lines, json: { report.json })
    }
}
