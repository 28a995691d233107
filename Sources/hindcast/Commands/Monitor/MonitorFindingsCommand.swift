import ArgumentParser
import Diagnostics
import Logging
import Postgres

/// `hindcast monitor findings`.
struct MonitorFindingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings",
        abstract: "Shows what was found last, one finding a line.",
        discussion: """
            It begins with findings as they are counted so far, each at its last event; with --follow every event that has a finding is shown as the \
            projection comes past it. Exit status 1 where a finding was shown, 0 where none was, so that a script can ask for errors of the next minutes.

            Examples:
              hindcast monitor findings --follow
              hindcast monitor findings --device "pump-*" --last 50
              hindcast monitor findings --last 0 --duration 5m --min-severity error
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var monitor: MonitorOptions

    @Option(help: ArgumentHelp("Only findings of at least this severity: error, warning or info.", valueName: "severity"))
    var minSeverity = FindingsCommand.Severity.info

    func run() async throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let minimum = Severity.allCases.first { $0.name == minSeverity.rawValue } ?? .info
        var run = MonitorRun(monitor) { FindingLens($0, minimum: minimum) }
        let statement = SelectRecentFindings(
            device: DeviceGlob.like(monitor.device), module: DeviceGlob.like(monitor.module), tenant: monitor.tenant ?? "", minimum: minimum.name,
            since: run.filter.since ?? .earliest, limit: monitor.beginning.map { Int64($0) } ?? .max)
        try await run.run(on: &connection, projection: "finding") { connection, show in
            // As the rows come, so that memory does not grow with their number.
            var isWanted = true
            var failure: (any Error)?
            try connection.forEachRow(statement) { (row: borrowing RowView) throws(PostgresError) in
                let finding = ShownFinding(try FindingRow(row))
                guard isWanted else { return }
                do { isWanted = try show(finding) } catch { (isWanted, failure) = (false, error) }
            }
            if let failure { throw failure }
        }
        if run.shown > 0 { throw Verdict(status: .negative) }
    }
}
