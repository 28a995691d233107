import ArgumentParser
import Logging
import Postgres
import Replay

/// `hindcast replay abort`.
struct ReplayAbortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Gives a run up that is not live, and drops everything it made.",
        discussion: """
            Its row stays, to say that it was there. Repeating the command finishes an abort that was interrupted.

            Examples:
              hindcast replay abort 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var id: ReplayIDArgument

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try ReplayRuns.abort(id.run, actor: Actor.name, on: &connection)
        Output.line("replay \(id.run) is aborted, and what it made is dropped")
    }
}
