import ArgumentParser
import Logging
import Postgres
import Replay

/// `hindcast replay retire`.
struct ReplayRetireCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Ends what a run is kept for, and drops the generation that is not live.",
        discussion: """
            While the run is live, the generation before it goes, and with it the way back; else the run's own.

            Examples:
              hindcast replay retire 3
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var id: ReplayIDArgument

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let isNew = try Promotions.retire(id.run, actor: Actor.name, on: &connection)
        Output.line(
            "replay \(id.run): the generation that is not live \(isNew ? "is dropped" : "was dropped before; there is nothing more to retire")")
    }
}
