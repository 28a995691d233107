import ArgumentParser
import Logging
import Postgres
import Replay

/// `hindcast replay verify`.
struct ReplayVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Builds what is live again, twice and in other ways, and compares every row.",
        discussion: """
            Once with one worker and large chunks, once with several and small ones; both have to hold what the live workers wrote, row by row: then live is \
            what a replay makes, one worker makes what several make, and a second run what a first one made. With ID it is that run's candidate that is built \
            again. What is built for this is dropped, also when it is interrupted.

            Exit status: 0 the same; 1 it differs, and the first device, hour and rule are named; 3 it cannot be told: interrupted, or it differs and a part of \
            the past is gone or was judged by an older rule set.

            Examples:
              hindcast replay verify
              hindcast replay verify 3 --workers 4
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var work: ReplayWorkOptions

    @Argument(help: ArgumentHelp("The run whose candidate is built again. Default: what is live.", valueName: "id"))
    var run: Int32?

    @Option(help: "text, or json (one object a line).")
    var format = LineFormat.text

    func run() async throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        let database = Database(area: settings.postgres, logger: logger)
        var team = work.team(settings, database)
        var request = ReplayRequest(.verify, template: .asLive, actor: Actor.name)
        if let run {
            var connection = try database.connect(as: .admin)
            request.base = try ReplayRuns.show(run, on: &connection).generation
        }
        var rebuilds: [ReplayVerifyReport.Rebuild] = []
        for number in 0..<2 {
            if number == 1 {
                team.workers = max(2, work.workers)
                request.chunkEvents = max(1, min(7001, Int(clamping: rebuilds[0].events / 16)))
            } else {
                team.workers = 1
            }
            let (wanted, members) = (request, team)
            let rebuild = try await ReplayWork.run(logger) { try await Self.rebuild(wanted, database, members, logger: logger) }
            guard let rebuild else { throw OperatorError(.unknown, "Interrupted; nothing was changed, and everything that was made is dropped.") }
            rebuilds.append(rebuild)
        }
        let report = ReplayVerifyReport(rebuilds: rebuilds)
        for line in format == .text ? report.text : report.json { Output.line(line) }
        if report.isDifferent { throw Verdict(status: report.reservations.isEmpty ? .negative : .unknown) }
    }

    private static func rebuild(
        _ request: ReplayRequest, _ database: Database, _ team: ReplayTeam.Settings, logger: Logger
    ) async throws -> ReplayVerifyReport.Rebuild? {
        let plan = try ReplayPlanning.plan(request, named: "", database)
        let verification: Verification?
        do {
            if let run = try await ReplayWork.carryOut(plan.run.id, database, team, logger: logger) {
                var connection = try database.connect(as: .admin)
                verification = try Verification.read(run, on: &connection)
            } else {
                verification = nil
            }
        } catch {
            try Scratch.drop(plan.run.id, database)
            throw error
        }
        try Scratch.drop(plan.run.id, database)
        return verification.map {
            ReplayVerifyReport.Rebuild(
                generation: plan.run.base, events: plan.events, chunks: plan.sources.reduce(0) { $0 + $1.chunks }, workers: team.workers,
                verification: $0)
        }
    }
}
