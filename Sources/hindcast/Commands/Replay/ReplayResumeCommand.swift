import ArgumentParser
import Catalog
import Postgres
import Replay

/// `hindcast replay resume`.
struct ReplayResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Goes on with a run that was paused, failed, or whose workers are gone.",
        discussion: """
            What was done stays done. The result is that of a run that nothing disturbed, by digest.

            Examples:
              hindcast replay resume 3
              hindcast replay resume 3 --workers 2
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var id: ReplayIDArgument
    @OptionGroup var work: ReplayWorkOptions

    func run() async throws {
        try await ReplayRunCommand.carryOut(id.run, work, options) { (connection: inout Connection) throws(ReplayError) in
            let state = try ReplayRuns.show(id.run, on: &connection).state
            // Whose worker was killed is where it was, and needs another worker only.
            if state == .paused || state == .failed { try ReplayRuns.resume(id.run, actor: Actor.name, on: &connection) }
        }
    }
}
