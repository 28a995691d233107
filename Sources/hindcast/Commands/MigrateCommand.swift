import ArgumentParser
import Logging
import Postgres

/// `hindcast migrate`.
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Creates or upgrades the schema and the roles in the database.",
        discussion: """
            Runs what is missing, in order, each step as a whole or not at all; a second run changes nothing. The login user has to be able to create \
            schemas in the database and roles on the server.

            Examples:
              hindcast migrate --dry-run
              hindcast migrate --postgres-url "postgresql://admin@db.example/hindcast"
            """)

    @OptionGroup var options: SettingOptions

    @Flag(help: "Only say what would be done.")
    var dryRun = false

    func run() throws {
        let settings = try options.load()
        let database = Database(area: settings.postgres, logger: Logger(settings.log))
        var connection = try database.connect()
        let migrator = try database.migrator()
        let steps = try dryRun ? migrator.pending(on: &connection) : migrator.migrate(&connection)
        for step in steps { Output.line("\(dryRun ? "would apply" : "applied") \(step.version) \(step.name)") }
        if steps.isEmpty { Output.line("nothing to do: the database is at version \(migrator.latestVersion)") }
    }
}
