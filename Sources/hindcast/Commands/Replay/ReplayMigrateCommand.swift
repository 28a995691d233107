import ArgumentParser
import Catalog
import Hashing
import Logging
import Postgres
import Replay

/// `hindcast replay migrate`.
struct ReplayMigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Gives devices another template, with their past: plan, run and diff, and the promotion where the budget allows it.",
        discussion: """
            Their messages may go on naming the old template. Without --max-new-errors it stops after the diff and says how to go on. A run that was \
            interrupted goes on with --resume.

            Examples:
              hindcast replay migrate --from "dtmi:example:Pump;1@2" --to "dtmi:example:Pump;2@1" --devices "pump-*"
              hindcast replay migrate --resume 4 --max-new-errors 0
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var work: ReplayWorkOptions

    @Option(help: ArgumentHelp("The template that the devices have, in the version in force.", valueName: "id@version"))
    var from: TemplateName?

    @Option(help: ArgumentHelp("The template that they get.", valueName: "id@version"))
    var to: TemplateName?

    @Option(help: ArgumentHelp("Which devices: a pattern with * and ?, or a file with one pattern a line.", valueName: "glob|file"))
    var devices: String?

    @Option(help: ArgumentHelp("Go on with a run that was begun so.", valueName: "id"))
    var resume: Int32?

    @Option(
        help: ArgumentHelp("Promote where there are no more new errors than this: a number, or a percentage of the events judged.", valueName: "n|p%")
    )
    var maxNewErrors: ReplayBudget?

    func validate() throws {
        if resume == nil, from?.version == nil || to?.version == nil || devices == nil {
            throw ValidationError("Expected --from ID@VERSION, --to ID@VERSION and --devices, or --resume with a run's number.")
        }
        if resume != nil, from != nil || to != nil || devices != nil {
            throw ValidationError("--resume goes on with what was planned; it takes no --from, --to or --devices.")
        }
    }

    func run() async throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        var connection = try Database(area: settings.postgres, logger: logger).connect(as: .admin)
        let id = try begin(&connection)
        let ended = try await work.carryOut(id, settings, logger: logger)
        guard let summary = ended.summary, ended.state == .ready else {
            throw OperatorError(.fenced, "Replay \(id) is \(ended.state.rawValue); go on with `hindcast replay migrate --resume \(id)`.")
        }
        let report = ReplayDiffReport(run: ended, groups: try ReplayChangeGroup.list(run: id, by: .rule, limit: 20, on: &connection), by: .rule)
        Output.write(report.text(.text, Palette(isOn: Output.isColoured)))
        guard let maxNewErrors else {
            Output.line("To go on: hindcast replay promote \(id) --diff \(summary.digest.hex)")
            return
        }
        try Promotions.promote(id, diff: summary.digest, budget: maxNewErrors.budget, actor: Actor.name, on: &connection)
        for line in ReplayRunReport(run: try ReplayRuns.show(id, on: &connection)).lines { Output.line(line) }
    }

    /// The run that was begun, or a new one.
    private func begin(_ connection: inout Connection) throws -> Int32 {
        if let resume {
            let run = try ReplayRuns.show(resume, on: &connection)
            if run.state == .paused || run.state == .failed { try ReplayRuns.resume(resume, actor: Actor.name, on: &connection) }
            return resume
        }
        guard let from, let to, let devices else { throw OperatorError(.usage, "Expected --from, --to and --devices.") }
        var request = ReplayRequest(
            .migrate, template: .version(templateID: to.templateID, reference: to.version ?? ""), actor: Actor.name)
        request.migratesFrom = from.templateID
        request.migratesFromReference = from.version
        request.devices = try ReplayPlanOptions.patterns(devices)
        let planned = try ReplayPlanner.plan(request, on: &connection)
        for line in ReplayPlanReport(plan: planned, eventsPerSecond: nil).lines(Palette(isOn: Output.isColoured)) { Output.line(line) }
        return planned.run.id
    }
}
