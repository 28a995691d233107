import ArgumentParser
import Catalog
import Logging
import Postgres
import Replay

/// `hindcast replay run`.
struct ReplayRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Works on a planned run until it can be looked at.",
        discussion: """
            Any number of processes may work on one run. Whoever is killed or interrupted has lost nothing: the same command goes on from there. The candidate \
            is kept up with new events by `hindcast project`, or by this command while nobody else projects. A worker that was killed holds its chunk for up \
            to a minute; who waits for that says so, and until when.

            Exit status: 0 the run is ready; 3 it was interrupted, paused, or failed.

            Examples:
              hindcast replay run 3
              hindcast replay run 3 --workers 2 --share 50%
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var id: ReplayIDArgument
    @OptionGroup var work: ReplayWorkOptions

    @Flag(help: "Read every event, also what the change cannot touch. Only before a run has begun.")
    var full = false

    func run() async throws {
        try await ReplayRunCommand.carryOut(id.run, work, options) { (connection: inout Connection) throws(ReplayError) in
            if full { try ReplayRuns.readAll(id.run, actor: Actor.name, on: &connection) }
        }
    }

    /// Prepares a run, and works on it.
    static func carryOut(
        _ run: Int32, _ work: ReplayWorkOptions, _ options: SettingOptions, _ prepare: (inout Connection) throws(ReplayError) -> Void
    ) async throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        let database = Database(area: settings.postgres, logger: logger)
        try {
            var connection = try database.connect(as: .admin)
            try prepare(&connection)
        }()
        let team = work.team(settings, database)
        let ended = try await ReplayWork.run(logger) { try await ReplayWork.carryOut(run, database, team, logger: logger) }
        guard let ended else { throw ReplayWork.interrupted(run) }
        Output.line("replay \(run) is \(ended.state.words); look at it with: hindcast replay diff \(run)")
    }
}
