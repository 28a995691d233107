import ArgumentParser
import Catalog
import Logging
import Replay

/// `hindcast replay run`.
struct ReplayRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Works on a planned run until it can be looked at.",
        discussion: """
            Any number of processes may help, at any time; whoever is killed is replaced, and `run` again goes on. It ends when the run is ready: compared, \
            and as far as the live generation.

            Examples:
              hindcast replay run 3 --workers 2
              hindcast replay run 3 --share 50%
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var argument: ReplayArgument
    @OptionGroup var work: ReplayWorkOptions

    func run() async throws {
        let settings = try options.load()
        let ended = try await work.carryOut(argument.run, settings, logger: Logger(settings.log))
        for line in ReplayRunReport(run: ended).lines { Output.line(line) }
        guard ended.state == .ready || ended.state == .live else {
            throw OperatorError(.fenced, "Replay \(ended.id) is \(ended.state.rawValue); `hindcast replay show \(ended.id)` says more.")
        }
    }
}
