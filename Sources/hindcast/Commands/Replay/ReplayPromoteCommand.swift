import ArgumentParser
import Hashing
import Logging
import Replay

/// `hindcast replay promote`.
struct ReplayPromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Makes a run's generation the live one, in one instant.",
        discussion: """
            Bound to the digest of the diff that was looked at. Exit status 1 and nothing changed where the digest differs or the run brings more new errors \
            than allowed; 7 where it has not caught up, or another generation is live than it was planned against.

            Examples:
              hindcast replay promote 3 --diff 5f2b… --max-new-errors 0
              hindcast replay promote 3 --diff 5f2b… --max-new-errors 0.1%
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var argument: ReplayArgument

    @Option(help: ArgumentHelp("The digest that `hindcast replay diff` shows, 64 hexadecimal digits.", valueName: "digest"))
    var diff: String

    @Option(help: ArgumentHelp("How many new errors are accepted: a number, or a percentage of the events judged.", valueName: "n|p%"))
    var maxNewErrors: ReplayBudget?

    func run() throws {
        guard let digest = SHA256Digest(hex: diff) else {
            throw OperatorError(
                .usage, "--diff \(PrintableText.of(diff)): expected 64 hexadecimal digits, as `hindcast replay diff \(argument.run)` shows them.")
        }
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try Promotions.promote(argument.run, diff: digest, budget: maxNewErrors?.budget, actor: Actor.name, on: &connection)
        for line in ReplayRunReport(run: try ReplayRuns.show(argument.run, on: &connection)).lines { Output.line(line) }
    }
}
