import ArgumentParser

/// `hindcast log`.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Verifies the event log, and drops its oldest days.",
        subcommands: [LogVerifyCommand.self, LogRetainCommand.self])
}
