import ArgumentParser

/// `hindcast replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Works out what a template would have said of the past, shows what that would change, and switches.",
        discussion: """
            A run goes from plan over run and diff to promote; until then nothing changes for anybody, and rollback is the way back. Every act is in the \
            control log.
            """,
        subcommands: [
            ReplayPlanCommand.self, ReplayRunCommand.self, ReplayResumeCommand.self, ReplayPauseCommand.self, ReplayAbortCommand.self,
            ReplayDiffCommand.self, ReplayPromoteCommand.self, ReplayRollbackCommand.self, ReplayRetireCommand.self, ReplayWhatIfCommand.self,
            ReplayMigrateCommand.self, ReplayVerifyCommand.self, ReplayListCommand.self, ReplayShowCommand.self,
        ])
}
