import ArgumentParser

/// `hindcast config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Looks at the settings.", subcommands: [ConfigShowCommand.self])
}
