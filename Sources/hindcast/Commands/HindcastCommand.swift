import ArgumentParser

/// The outermost command: it only has others below it.
struct HindcastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hindcast",
        abstract: "Finds out, for a whole fleet of IoT devices at once, why a device's data does not show up.",
        discussion: """
            Hindcast reads device messages from Kafka, keeps every byte of them in Postgres, judges each by its device template, and shows what is wrong \
            through SQL views. `hindcast demo` shows all of it on this machine; `hindcast up --embedded DIR` is the same for your own data.

            Settings come from flags, else from HINDCAST_… variables, else from hindcast.yaml, else from defaults; `hindcast config show` prints them.

            Exit status: 0 done; 1 done, and the answer is no; 2 usage, settings or an input file wrong; 3 cannot say; 4 database not migrated, or newer \
            than the program; 5 database unreachable or refused; 6 broker unreachable or refused; 7 fenced by another owner, or stopped for safety.
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(name: "Everything at once", subcommands: [DemoCommand.self, UpCommand.self]),
            CommandGroup(
                name: "Single part",
                subcommands: [MigrateCommand.self, IngestCommand.self, ProjectCommand.self, EmbeddedBrokerCommand.self]),
            CommandGroup(name: "Without a database", subcommands: [ValidateCommand.self, RulesCommand.self, ErrorCodesCommand.self]),
            CommandGroup(
                name: "Deciding",
                subcommands: [TemplateCommand.self, ReplayCommand.self, ExportCommand.self, SourceCommand.self, LogCommand.self]),
            CommandGroup(
                name: "Looking",
                subcommands: [
                    FleetCommand.self, DeviceCommand.self, FindingsCommand.self, ExplainCommand.self, MonitorCommand.self, EventsCommand.self,
                    StatusCommand.self, ConfigCommand.self, VersionCommand.self,
                ]),
        ])
}
