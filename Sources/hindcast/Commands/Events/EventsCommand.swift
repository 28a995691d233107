import ArgumentParser

/// `hindcast events`.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Looks at single events in the log.", subcommands: [EventsShowCommand.self])
}
