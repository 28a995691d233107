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
        abstract: "Moves devices to another template: their past is judged by it, and once promoted, what they send is.",
        discussion: """
            Plans the move, runs it, prints the diff, and promotes it where --max-new-errors accepts what it would bring; without that option it ends with the \
            command that promotes. The same command goes on with a move that was interrupted. Both versions have to be published, and --from has to be in force.

            Exit status: 0 ready, or promoted; 1 more new errors than accepted; 3 interrupted, paused or failed.

            Examples:
              hindcast replay migrate --from "dtmi:example:Meter;1@1" --to "dtmi:example:Meter;2@1" --devices "plant-7-*"
              hindcast replay migrate --from "dtmi:example:Meter;1@1" --to "dtmi:example:Meter;2@1" --devices moved.txt --max-new-errors 0
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: ArgumentHelp("The version that judges the devices now.", valueName: "id@version"))
    var from: TemplateName

    @Option(help: ArgumentHelp("The version that is to judge them.", valueName: "id@version"))
    var to: TemplateName

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Which devices move: ids with * and ? as wildcards, and files with one id a line.", valueName: "glob|file"))
    var devices: [String]

    @OptionGroup var work: ReplayWorkOptions
    @OptionGroup var view: ReplayDiffOptions

    @Option(help: ArgumentHelp("Promote where there are at most so many new errors, or so many in a hundred events.", valueName: "n|p%"))
    var maxNewErrors: BudgetArgument?

    func validate() throws {
        for name in [from, to] where name.version?.isEmpty ?? true {
            throw ValidationError("\(name.templateID) names no version: expected ID@VERSION.")
        }
        if from.templateID == to.templateID {
            throw ValidationError(
                "--from and --to are versions of one template: expected two templates; `hindcast replay plan` is for a new version.")
        }
    }

    func run() async throws {
        let patterns = try DevicePatterns.read(devices)
        let settings = try options.load()
        let logger = Logger(settings.log)
        let database = Database(area: settings.postgres, logger: logger)
        let id = try planned(patterns, database)
        let team = work.team(settings, database)
        let ended = try await ReplayWork.run(logger) { try await ReplayWork.carryOut(id, database, team, logger: logger) }
        guard let ended else { throw OperatorError(.unknown, "Interrupted; nothing is lost, and the same command goes on.") }
        var connection = try database.connect(as: .admin)
        let report = try ReplayDiffReport.read(id, view, on: &connection)
        Output.write(report.text(view.format, Palette(isOn: Output.isColoured)))
        guard ended.state == .ready else { return }
        guard let budget = maxNewErrors?.budget else {
            Output.error("to finish: hindcast replay promote \(id) --diff \(report.summary.digest.hex)")
            return
        }
        try Promotions.promote(id, diff: report.summary.digest, budget: budget, actor: Actor.name, on: &connection)
        Output.error("replay \(id) is live; to go back: hindcast replay rollback \(id)")
    }

    /// The move's run: one that was begun before, else a new one.
    private func planned(_ patterns: [String], _ database: Database) throws -> Int32 {
        var connection = try database.connect(as: .admin)
        let old = try Templates.show(from.templateID, version: from.version ?? "", on: &connection).version
        guard old.isInForce else {
            throw OperatorError(
                .usage,
                "\(old.templateID)@\(old.version) is not in force, so it judges no devices now; `hindcast template list` shows which version is.")
        }
        let new = try Templates.show(to.templateID, version: to.version ?? "", on: &connection).version
        let begun = try ReplayRuns.list(on: &connection).last { run in
            run.purpose == .migrate && run.versionKey == new.key && run.migratesFrom == old.templateID && run.devices == patterns
                && ![.live, .retired, .aborted].contains(run.state)
        }
        if let begun {
            if begun.state == .paused || begun.state == .failed { try ReplayRuns.resume(begun.id, actor: Actor.name, on: &connection) }
            Output.error("going on with replay \(begun.id)")
            return begun.id
        }
        var request = ReplayRequest(
            .migrate, template: .version(templateID: new.templateID, reference: "\(new.version)"), actor: Actor.name)
        request.migratesFrom = old.templateID
        request.devices = patterns
        let plan = try ReplayPlanning.plan(request, named: new.templateID, database)
        Output.error("planned as replay \(plan.run.id)")
        return plan.run.id
    }
}
