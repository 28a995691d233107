import ArgumentParser
import Logging
import Replay

/// `hindcast replay resume`.
struct ReplayResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Has a paused or failed run go on where it was, and works on it.",
        discussion: """
            Examples:
              hindcast replay resume 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var argument: ReplayArgument
    @OptionGroup var work: ReplayWorkOptions

    func run() async throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        var connection = try Database(area: settings.postgres, logger: logger).connect(as: .admin)
        try ReplayRuns.resume(argument.run, actor: Actor.name, on: &connection)
        let ended = try await work.carryOut(argument.run, settings, logger: logger)
        for line in ReplayRunReport(run: ended).lines { Output.line(line) }
    }
}
