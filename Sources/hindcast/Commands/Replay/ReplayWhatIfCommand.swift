import ArgumentParser
import Diagnostics
import Logging
import Postgres
import Replay

/// `hindcast replay what-if`.
struct ReplayWhatIfCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if",
        abstract: "Says what a template would change, and leaves nothing behind: for CI.",
        discussion: """
            Plans, runs, prints the diff and cleans up, also when it is interrupted. Nothing that a reader can see changes; the template is not published.

            Exit status: 0 within the budget; 1 more new errors than accepted; 2 the template or an option is wrong; 3 interrupted, or there is nothing in the \
            log that the template judges.

            Examples:
              hindcast replay what-if --template meter-2.json
              hindcast replay what-if --template meter-2.json --max-new-errors 0.1% --workers 2 --format json
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var wanted: ReplayRequestOptions
    @OptionGroup var work: ReplayWorkOptions
    @OptionGroup var view: ReplayDiffOptions

    @Option(help: ArgumentHelp("Accept at most so many new errors, or so many in a hundred events. Default: 0.", valueName: "n|p%"))
    var maxNewErrors: BudgetArgument?

    func run() async throws {
        let request = try wanted.request(.whatIf)
        let settings = try options.load()
        let logger = Logger(settings.log)
        let database = Database(area: settings.postgres, logger: logger)
        let (team, view, name) = (work.team(settings, database), view, wanted.template.name)
        let report = try await ReplayWork.run(logger) {
            try await Self.look(at: request, named: name, view, database, team, logger: logger)
        }
        guard let report else { throw OperatorError(.unknown, "Interrupted; nothing was changed, and everything that was made is dropped.") }
        Output.write(report.text(view.format, Palette(isOn: Output.isColoured)))
        let budget = maxNewErrors?.budget ?? .count(0)
        if !budget.allows(report.summary) {
            throw OperatorError(.negative, "The template would bring \(budget.refusal(of: report.summary)).")
        }
    }

    /// Whatever happens, the run is given up in the end.
    private static func look(
        at request: ReplayRequest, named name: String, _ view: ReplayDiffOptions, _ database: Database, _ team: ReplayTeam.Settings, logger: Logger
    ) async throws -> ReplayDiffReport? {
        let plan = try ReplayPlanning.plan(request, named: name, database)
        let run = plan.run
        let report: ReplayDiffReport?
        do {
            report = try await judged(plan, view, database, team, logger: logger)
        } catch {
            try Scratch.drop(run.id, database)
            throw error
        }
        try Scratch.drop(run.id, database)
        return report
    }

    private static func judged(
        _ plan: ReplayPlan, _ view: ReplayDiffOptions, _ database: Database, _ team: ReplayTeam.Settings, logger: Logger
    ) async throws -> ReplayDiffReport? {
        let run = plan.run
        if let nothing = ReplayPlanning.nothing(plan) {
            throw OperatorError(.unknown, "\(nothing), so the past cannot say what the template would change.")
        }
        guard try await ReplayWork.carryOut(run.id, database, team, logger: logger) != nil else { return nil }
        var connection = try database.connect(as: .admin)
        return try ReplayDiffReport.read(run.id, view, on: &connection)
    }
}

/// Runs that are made to be thrown away.
enum Scratch {
    /// Drops everything that a run made.
    static func drop(_ run: Int32, _ database: Database) throws {
        do {
            var connection = try database.connect(as: .admin)
            try ReplayRuns.abort(run, actor: Actor.name, on: &connection)
        } catch {
            Output.error("Replay \(run) could not be cleaned up; `hindcast replay abort \(run)` does so.")
            throw error
        }
    }
}
