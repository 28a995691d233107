import ArgumentParser
import Logging
import Replay

/// `hindcast replay abort`.
struct ReplayAbortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Gives a run up and drops everything that it made.",
        discussion: """
            A run that is live is rolled back first. Doing so again finishes what was interrupted.

            Examples:
              hindcast replay abort 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var argument: ReplayArgument

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try ReplayRuns.abort(argument.run, actor: Actor.name, on: &connection)
        for line in ReplayRunReport(run: try ReplayRuns.show(argument.run, on: &connection)).lines { Output.line(line) }
    }
}
