import ArgumentParser

/// `hindcast source`.
struct SourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source",
        abstract: "Looks at sources, and decides what only an operator can know about them.",
        discussion: "A source is one partition of one topic of one cluster in one life of it, or a capture file.",
        subcommands: [SourceListCommand.self, SourceNewLifeCommand.self, SourceHoleCommand.self])
}
