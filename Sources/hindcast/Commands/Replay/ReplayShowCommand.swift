import ArgumentParser
import Logging
import Replay

/// `hindcast replay show`.
struct ReplayShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a run: what it tries, where it stands, what it would change.",
        discussion: """
            Examples:
              hindcast replay show 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var argument: ReplayArgument

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let run = try ReplayRuns.show(argument.run, on: &connection)
        let progress = try ReplayProgress.read(run: run.id, on: &connection)
        for line in ReplayRunReport(run: run, progress: progress).lines { Output.line(line) }
    }
}
