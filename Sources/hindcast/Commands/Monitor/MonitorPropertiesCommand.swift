import ArgumentParser
import Logging
import Postgres

/// `hindcast monitor properties`.
struct MonitorPropertiesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "properties",
        abstract: "Shows property values as devices report them and as somebody desires them, one property a line.",
        discussion: """
            They are read out of the log's events, of any number of devices; how a device acknowledges a desired value stands behind it. Where nothing is to \
            be seen, the reason goes to standard error.

            Examples:
              hindcast monitor properties --device thermostat-3 --follow
              hindcast monitor properties --since 1d --format yaml
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var monitor: MonitorOptions

    func run() async throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        var run = MonitorRun(monitor) { PropertyLens($0) }
        try await run.run(on: &connection)
    }
}
