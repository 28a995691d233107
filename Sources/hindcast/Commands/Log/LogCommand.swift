import ArgumentParser

/// `hindcast log`.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Verifies the event log, has it understood anew, and drops its oldest days.",
        subcommands: [LogVerifyCommand.self, LogReindexCommand.self, LogRetainCommand.self])
}
