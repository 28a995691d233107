import ArgumentParser
import Logging
import Replay

/// `hindcast replay retire`.
struct ReplayRetireCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Ends what a run is kept for, and drops the tables.",
        discussion: """
            While the run is live, the generation before it goes, and with it the way back; else the run's own goes.

            Examples:
              hindcast replay retire 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var argument: ReplayArgument

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try Promotions.retire(argument.run, actor: Actor.name, on: &connection)
        for line in ReplayRunReport(run: try ReplayRuns.show(argument.run, on: &connection)).lines { Output.line(line) }
    }
}
