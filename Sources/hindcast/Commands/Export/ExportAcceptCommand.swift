import ArgumentParser
import Exports
import Logging
import Postgres

/// `hindcast export accept`.
struct ExportAcceptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accepts a gap: nobody needs what is missing.",
        discussion: """
            An accepted gap is kept with its reason, also when later evidence does not show it any more, and counts as open nowhere.

            Examples:
              hindcast export accept 3f2a9c01d4e5b677 --reason "maintenance of the warehouse, announced"
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("The gap's id, as `hindcast export gaps` shows it.", valueName: "gap"))
    var gap: String

    @Option(help: "Why; kept with the gap.")
    var reason: String

    func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason is empty: expected why nobody needs what is missing.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        guard try ExportStore.accept(gap: gap, reason: reason, actor: Actor.name, on: &connection) else {
            throw OperatorError(.usage, "There is no gap \"\(gap)\"; `hindcast export gaps` shows those that there are.")
        }
        Output.line("gap \(gap): accepted")
    }
}
