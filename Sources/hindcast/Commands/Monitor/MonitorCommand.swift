import ArgumentParser

/// `hindcast monitor`.
struct MonitorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor", abstract: "Shows the latest events or findings, and goes on with --follow.",
        subcommands: [MonitorEventsCommand.self, MonitorFindingsCommand.self])
}

/// The options of both.
struct MonitorOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only devices whose id matches; * and ? are wildcards.", valueName: "glob"))
    var device: String?

    @Flag(name: .shortAndLong, help: "Go on until interrupted.")
    var follow = false

    @Option(help: ArgumentHelp("How many to begin with.", valueName: "count"))
    var last = 20

    func validate() throws {
        if last < 0 { throw ValidationError("--last \(last): expected a count of 0 or more.") }
    }
}
