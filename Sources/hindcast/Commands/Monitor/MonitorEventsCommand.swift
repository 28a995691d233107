import ArgumentParser
import Logging
import Postgres

/// `hindcast monitor events`.
struct MonitorEventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Shows what devices sent last, one event a line.",
        discussion: """
            Events come in the order of their ingest: first those that the log has, then with --follow those that come. Where nothing is to be seen, the \
            reason goes to standard error.

            Examples:
              hindcast monitor events --device unit-0007 --follow
              hindcast monitor events --device "pump-*" --since 2h --format json
              hindcast monitor events --last 0 --duration 5m --max-events 100
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var monitor: MonitorOptions

    func run() async throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        var run = MonitorRun(monitor) { EventLens($0) }
        try await run.run(on: &connection)
    }
}
