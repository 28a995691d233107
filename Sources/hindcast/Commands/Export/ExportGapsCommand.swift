import ArgumentParser
import Diagnostics
import Logging
import Postgres

/// `hindcast export gaps`.
struct ExportGapsCommand: ParsableCommand {
    /// The states that `--state` takes.
    enum State: String, ExpressibleByArgument, CaseIterable {
        case open, closed, partlyFilled = "partly-filled", filled, accepted
    }

    static let configuration = CommandConfiguration(
        commandName: "gaps",
        abstract: "Lists what exports did not deliver, the latest first.",
        discussion: """
            Without --state, gaps that are filled or accepted are left out. With --fail, a gap that is listed makes the exit status 1, for use in scripts. \
            Exit status 3 where a tenant, an export or a destination is asked for of which nothing is known.

            Examples:
              hindcast export gaps
              hindcast export gaps --export e-7f3a --state open --fail
              hindcast export gaps --format json | jq -r 'select(.recoverable) | .gap_id'
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: "Only gaps of this tenant.")
    var tenant: String?

    @Option(help: ArgumentHelp("Only gaps of this export.", valueName: "id"))
    var export: String?

    @Option(help: ArgumentHelp("Only gaps at this destination.", valueName: "id"))
    var destination: String?

    @Option(help: ArgumentHelp("Only gaps in this state: open, closed, partly-filled, filled or accepted; may be repeated.", valueName: "state"))
    var state: [State] = []

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 100

    @Flag(help: "Exit with 1 where there is any.")
    var fail = false

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text

    func validate() throws {
        if !(1...1_000_000).contains(limit) { throw ValidationError("--limit \(limit): expected 1 to 1000000.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .dashboard)
        let states = state.isEmpty ? [.open, .closed, .partlyFilled] : state
        let rows = try connection.query(
            SelectExportGaps(
                tenant: tenant, export: export, destination: destination, states: states.map(\.rawValue), limit: Int64(limit) + 1))
        if rows.isEmpty { try ExportLookup.refuseUnknown(tenant: tenant, export: export, destination: destination, on: &connection) }
        let report = GapListReport(rows: Array(rows.prefix(limit)))
        format.print(text: report.lines, json: { report.json })
        if rows.count > limit { Output.error("hindcast: there are more than \(limit) such gaps; --limit shows more of them.") }
        if fail, !rows.isEmpty { throw Verdict(status: .negative) }
    }
}
