import ArgumentParser
import Logging
import Postgres
import Replay

/// `hindcast replay pause`.
struct ReplayPauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Interrupts a run; whoever works on it stops at its next chunk.",
        discussion: """
            Nothing is lost: `hindcast replay resume` goes on.

            Examples:
              hindcast replay pause 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var id: ReplayIDArgument

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try ReplayRuns.pause(id.run, actor: Actor.name, on: &connection)
        Output.line("replay \(id.run) is paused; to go on: hindcast replay resume \(id.run)")
    }
}
