import ArgumentParser
import Logging
import Postgres
import Replay

/// `hindcast replay promote`.
struct ReplayPromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Makes a run's candidate live, if its diff is the one that was looked at.",
        discussion: """
            One pointer moves, in milliseconds whatever the size: every reader sees the old answer or the new one. A template that was tried from a file is \
            published with it. The old generation is kept up, so that `hindcast replay rollback` is as quick. Whoever names the diff has accepted the new errors \
            that it shows; --max-new-errors is a limit for scripts, which look at nothing. Either way it is said how many there are.

            Exit status: 0 promoted; 1 the digest differs, or there are more new errors than accepted; 7 the candidate is behind, or another generation is \
            live than it was compared with. Nothing has changed but with 0.

            Examples:
              hindcast replay promote 3 --diff 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              hindcast replay promote 3 --diff 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --max-new-errors 0.1%
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var id: ReplayIDArgument

    @Option(help: ArgumentHelp("The digest that `hindcast replay diff` printed: 64 hexadecimal digits.", valueName: "digest"))
    var diff: DigestArgument

    @Option(
        help: ArgumentHelp(
            "Accept at most so many new errors, or so many in a hundred events. Default: those of the diff that --diff names.", valueName: "n|p%"))
    var maxNewErrors: BudgetArgument?

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let summary = try Promotions.promote(id.run, diff: diff.digest, budget: maxNewErrors?.budget, actor: Actor.name, on: &connection)
        let errors = summary.newErrors > 0 ? " with \(Grouped.text(summary.newErrors)) new errors in \(Grouped.text(summary.judged)) events" : ""
        Output.line("replay \(id.run) is live\(errors); to go back: hindcast replay rollback \(id.run)")
    }
}
