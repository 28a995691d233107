import ArgumentParser
import Diagnostics
import EventLog
import Logging
import Postgres

/// `hindcast source list`.
struct SourceListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists every source with its settings and how far it came.",
        discussion: """
            Examples:
              hindcast source list
            """)

    @OptionGroup var options: SettingOptions

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        var table = TextTable(
            ("ID", .right), ("KIND", .left), ("CLUSTER", .left), ("TOPIC", .left), ("PARTITION", .right), ("LIFE", .right), ("TENANT", .left),
            ("ENVELOPE", .left), ("NEXT", .right), ("OWNER", .left))
        for source in try LogSources.all(on: &connection) {
            table.add(
                "\(source.sourceID)", source.kind.rawValue, source.cluster, source.topic, "\(source.partition)",
                "\(source.life)\(source.isEnded ? " (ended)" : "")", source.settings.tenant, source.settings.envelope.name, "\(source.nextOffset)",
                source.owner ?? "nobody")
        }
        for line in table.isEmpty ? ["No sources."] : table.lines(Palette(isOn: Output.isColoured)) { Output.line(line) }
    }
}
