import ArgumentParser
import Logging
import Postgres
import Replay

/// `hindcast replay rollback`.
struct ReplayRollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Makes live again what was live before a run was promoted.",
        discussion: """
            One pointer moves back; the generation before was kept up all the time. The run can be promoted again.

            Examples:
              hindcast replay rollback 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var id: ReplayIDArgument

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try Promotions.rollback(id.run, actor: Actor.name, on: &connection)
        Output.line("replay \(id.run) is rolled back: what was live before is live again")
    }
}
