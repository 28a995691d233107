import ArgumentParser
import Logging
import Postgres

/// `hindcast fleet causes`.
struct FleetCausesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "causes",
        abstract: "Shows what is wrong in the fleet, what touches most devices first.",
        discussion: """
            Each cause comes with the devices and messages that it touches and the time when it was first seen. `hindcast device list --cause ID` lists the \
            devices.

            Examples:
              hindcast fleet causes
              hindcast fleet causes --tenant plant-7 --format json
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: "Only this tenant.")
    var tenant: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 100

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text

    func validate() throws {
        if !(1...1_000_000).contains(limit) { throw ValidationError("--limit \(limit): expected 1 to 1000000.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .dashboard)
        let rows = try connection.query(SelectFleetCauses(tenant: tenant ?? "", limit: Int64(limit)))
        if rows.isEmpty { try FilterLookup.refuseUnknown(tenant: tenant, on: &connection) }
        let report = FleetCausesReport(rows: rows, ago: Ago(now: Clock.now))
        format.print(text: report.lines, json: { report.json })
    }
}
