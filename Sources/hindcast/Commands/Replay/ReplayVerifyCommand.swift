import ArgumentParser
import Catalog
import Logging
import Postgres
import Replay

/// `hindcast replay verify`.
struct ReplayVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Builds a generation again out of the log and compares every row: live is replay, parallel is serial.",
        discussion: """
            Twice, with other chunks and numbers of workers, into tables of their own that are dropped again. Without ID the live generation is built again, \
            else that of the run. Exit status 1 names the first device, hour and rule that differs; 3 says why it cannot be told.

            Examples:
              hindcast replay verify
              hindcast replay verify 3 --workers 2
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var work: ReplayWorkOptions

    @Argument(help: ArgumentHelp("A run whose generation is kept up.", valueName: "id"))
    var run: Int32?

    func run() async throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        let database = Database(area: settings.postgres, logger: logger)
        var connection = try database.connect(as: .admin)
        let base = if let run { try ReplayRuns.show(run, on: &connection).generation } else { try Generations.live(on: &connection) }
        var reservations: [String] = []
        // Sizes that share no borders.
        for (chunkEvents, workers) in [(20_000, work.workers), (7_919, work.workers + 1)] {
            var attempt = work
            attempt.workers = workers
            let verification = try await verify(base, chunkEvents, attempt, settings, &connection, logger)
            if let difference = verification.first {
                for line in ReplayDifferenceReport(difference: difference).lines { Output.line(line) }
                guard verification.reservations.isEmpty else {
                    throw OperatorError(.unknown, "It cannot be said whether that is a fault: \(verification.reservations.joined(separator: "; ")).")
                }
                throw Verdict(status: .negative)
            }
            Output.line("generation \(base) built again in chunks of \(chunkEvents) by \(workers) workers: the same")
            reservations = verification.reservations
        }
        for reservation in reservations { Output.line("but \(reservation)") }
    }

    private func verify(
        _ base: Int32, _ chunkEvents: Int, _ work: ReplayWorkOptions, _ settings: Settings, _ connection: inout Connection, _ logger: Logger
    ) async throws -> Verification {
        var request = ReplayRequest(.verify, template: .asLive, actor: Actor.name)
        request.base = base
        request.chunkEvents = chunkEvents
        let id = try ReplayPlanner.plan(request, on: &connection).run.id
        let outcome: Result<ReplayRun, any Error>
        do {
            outcome = .success(try await work.carryOut(id, settings, logger: logger))
        } catch {
            outcome = .failure(error)
        }
        let verification = outcome.flatMap { run in Result { try Verification.read(run, on: &connection) } }
        try ReplayRuns.abort(id, actor: Actor.name, on: &connection)
        return try verification.get()
    }
}
