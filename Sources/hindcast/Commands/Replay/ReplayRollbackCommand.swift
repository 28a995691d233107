import ArgumentParser
import Logging
import Replay

/// `hindcast replay rollback`.
struct ReplayRollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Makes the generation live again that was live before a run was promoted.",
        discussion: """
            It has been kept up meanwhile, so nothing is missing. As quick as promoting.

            Examples:
              hindcast replay rollback 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var argument: ReplayArgument

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try Promotions.rollback(argument.run, actor: Actor.name, on: &connection)
        for line in ReplayRunReport(run: try ReplayRuns.show(argument.run, on: &connection)).lines { Output.line(line) }
    }
}
