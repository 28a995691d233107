import ArgumentParser

/// `hindcast monitor`.
struct MonitorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor", abstract: "Shows the latest events, property changes or findings, and goes on with --follow.",
        subcommands: [MonitorEventsCommand.self, MonitorPropertiesCommand.self, MonitorFindingsCommand.self])
}

/// The options of every monitor.
struct MonitorOptions: ParsableArguments {
    /// How many to begin with where nothing else is said.
    private static let beginning = 20

    @Option(help: ArgumentHelp("Only devices whose id matches; * and ? are wildcards.", valueName: "glob"))
    var device: String?

    @Option(
        help: ArgumentHelp("Only modules whose name matches; * and ? are wildcards, and the device itself has the empty name.", valueName: "glob"))
    var module: String?

    @Option(help: "Only devices of this tenant.")
    var tenant: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Begin with what is as late as this: RFC 3339, or how long ago, such as 15m or 2h.", valueName: "time"))
    var since: TimePoint?

    @Flag(name: .shortAndLong, help: "Go on until interrupted.")
    var follow = false

    @Option(help: ArgumentHelp("How many to begin with; default: 20, or with --since all.", valueName: "count"))
    var last: Int?

    @Option(help: "text, json (one object a line) or yaml (one document each).")
    var format = MonitorFormat.text

    @Option(help: ArgumentHelp("End once so many were shown.", valueName: "count"))
    var maxEvents: Int?

    @Option(help: ArgumentHelp("Go on for so long, such as 90s or 15m, and end.", valueName: "span"))
    var duration: TimeSpan?

    func validate() throws {
        if let last, !(0...100_000).contains(last) { throw ValidationError("--last \(last): expected 0 to 100000.") }
        if let maxEvents, maxEvents < 1 { throw ValidationError("--max-events \(maxEvents): expected a count of 1 or more.") }
    }

    /// Whether what comes is shown too.
    var isFollowing: Bool { follow || duration != nil }

    /// How many to begin with; nil for all since a time.
    var beginning: Int? { last ?? (since == nil ? Self.beginning : nil) }
}
