import ArgumentParser

/// `hindcast fleet`.
struct FleetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet", abstract: "Counts devices by health, and by what is wrong.",
        subcommands: [FleetSummaryCommand.self, FleetCausesCommand.self])
}
