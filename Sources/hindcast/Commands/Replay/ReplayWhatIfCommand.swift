import ArgumentParser
import Logging
import Replay

/// `hindcast replay what-if`.
struct ReplayWhatIfCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if",
        abstract: "Plans, runs and compares, prints the diff and cleans up: nothing changes. For scripts.",
        discussion: """
            Exit status 1 where there are more new errors than allowed.

            Examples:
              hindcast replay what-if --template pump-2.json
              hindcast replay what-if --template pump-2.json --max-new-errors 0 --by rule
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var plan: ReplayPlanOptions
    @OptionGroup var work: ReplayWorkOptions

    @Option(help: "Count the changes by device, template, path, rule or day, instead of listing them.")
    var by: ReplayChangeGroup.Dimension?

    @Option(help: ArgumentHelp("How many lines at most.", valueName: "n"))
    var sample: Int64 = 20

    @Option(help: "text, json (one array) or csv (RFC 4180).")
    var format = TableFormat.text

    @Option(help: ArgumentHelp("Exit with 1 beyond so many new errors: a number, or a percentage of the events judged.", valueName: "n|p%"))
    var maxNewErrors: ReplayBudget?

    func run() async throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        let database = Database(area: settings.postgres, logger: logger)
        var connection = try database.connect(as: .admin)
        let id = try ReplayPlanner.plan(try plan.request(.whatIf), on: &connection).run.id
        let outcome: Result<ReplayRun, any Error>
        do {
            outcome = .success(try await work.carryOut(id, settings, logger: logger))
        } catch {
            outcome = .failure(error)
        }
        let report = outcome.flatMap { run in
            Result {
                if let by {
                    return ReplayDiffReport(run: run, groups: try ReplayChangeGroup.list(run: id, by: by, limit: sample, on: &connection), by: by)
                }
                return ReplayDiffReport(run: run, changes: try ReplayChange.list(run: id, limit: sample, on: &connection))
            }
        }
        try ReplayRuns.abort(id, actor: Actor.name, on: &connection)
        Output.write(try report.get().text(format, Palette(isOn: Output.isColoured)))
        if let maxNewErrors, let summary = try outcome.get().summary, !maxNewErrors.budget.allows(summary) { throw Verdict(status: .negative) }
    }
}
