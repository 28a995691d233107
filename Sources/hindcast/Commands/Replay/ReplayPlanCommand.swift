import ArgumentParser
import Catalog
import Diagnostics
import Logging
import Postgres
import Replay

/// `hindcast replay plan`.
struct ReplayPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Freezes what a run will read and judge by, and says what that is.",
        discussion: """
            Prints how the template differs from the one in force, what is read of each source and what is carried over, what retention has taken, how long \
            it may take, and the run's number. Nothing is judged yet.

            Examples:
              hindcast replay plan --template meter-2.json
              hindcast replay plan --template "dtmi:example:Meter;1@2" --from 2026-11-01 --devices "plant-7-*"
              hindcast replay plan --template meter-2.json --devices fleet.txt --format json
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var wanted: ReplayRequestOptions

    @Flag(help: "Let the run be promoted though retention has taken a part of what the live generation counts.")
    var acceptLoss = false

    @Option(help: "text, or json (one object a line).")
    var format = LineFormat.text

    func run() throws {
        var request = try wanted.request(.replay)
        request.acceptsLoss = acceptLoss
        let settings = try options.load()
        let logger = Logger(settings.log)
        let database = Database(area: settings.postgres, logger: logger)
        let plan = try ReplayPlanning.plan(request, named: wanted.template.name, database)
        let report = ReplayPlanReport(plan: plan, eventsPerSecond: try ReplayPlanning.sample(plan, database, logger: logger))
        for line in format == .text ? report.text(Palette(isOn: Output.isColoured)) : report.json { Output.line(line) }
        if let nothing = ReplayPlanning.nothing(plan) {
            Output.error("\(nothing): this run judges nothing of the past, and would change only what comes after its cut.")
        }
    }
}

/// Planning as commands do it.
enum ReplayPlanning {
    /// Plans a run. What is wrong with the template is said with its name.
    static func plan(_ request: ReplayRequest, named name: String, _ database: Database) throws -> ReplayPlan {
        var connection = try database.connect(as: .admin)
        try DevicePatterns.check(request.devices, on: &connection)
        do throws(ReplayError) {
            return try ReplayPlanner.plan(request, on: &connection)
        } catch {
            guard error.catalog?.code == .templateInvalid else { throw error }
            throw OperatorError(.usage, "\(name): \(error.description)")
        }
    }

    /// Why a plan judges nothing of the past; nil where it does.
    static func nothing(_ plan: ReplayPlan) -> String? {
        let run = plan.run
        if run.coveredDevices == 0 { return "No device that the projections have seen is judged by \(run.templateID ?? "the template")" }
        if let from = run.fromTime, run.toTime == nil, plan.sources.allSatisfy({ $0.inForce >= $0.cut }) {
            return "The log has no events from \(from.rfc3339) on (--from)"
        }
        return nil
    }

    /// How many events a second one worker takes in here; nil where there are none.
    static func sample(_ plan: ReplayPlan, _ database: Database, logger: Logger) throws -> Double? {
        var worker = try ReplayWorker(
            name: "\(Actor.name)/sample", run: plan.run.id, postgres: try database.settings(for: .admin), logger: logger)
        return try worker.sample()
    }
}
