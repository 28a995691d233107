import ArgumentParser
import Logging
import Replay

/// `hindcast replay pause`.
struct ReplayPauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Interrupts a run.",
        discussion: """
            Whoever works on it finishes its chunk in vain and ends. Nothing is lost; resume goes on.

            Examples:
              hindcast replay pause 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var argument: ReplayArgument

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try ReplayRuns.pause(argument.run, actor: Actor.name, on: &connection)
        for line in ReplayRunReport(run: try ReplayRuns.show(argument.run, on: &connection)).lines { Output.line(line) }
    }
}
