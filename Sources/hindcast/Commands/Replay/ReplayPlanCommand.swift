import ArgumentParser
import Logging
import Replay

/// `hindcast replay plan`.
struct ReplayPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Freezes what a run begins with, and says what it will read and what it cannot.",
        discussion: """
            Frozen are the epochs and, per source, how far the live generation has come. What the change cannot touch is carried over instead of read. A file \
            is published only when its run is promoted.

            Examples:
              hindcast replay plan --template pump-2.json
              hindcast replay plan --template "dtmi:example:Pump;1@2" --devices "pump-*" --from 2026-11-01T00:00:00Z
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var plan: ReplayPlanOptions

    func run() throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        let database = Database(area: settings.postgres, logger: logger)
        var connection = try database.connect(as: .admin)
        let planned = try ReplayPlanner.plan(try plan.request(.replay), on: &connection)
        var worker = try ReplayWorker(name: "estimate", run: planned.run.id, postgres: try database.settings(for: .admin), logger: logger)
        let report = ReplayPlanReport(plan: planned, eventsPerSecond: try worker.sample())
        for line in report.lines(Palette(isOn: Output.isColoured)) { Output.line(line) }
    }
}
