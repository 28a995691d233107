import ArgumentParser

/// `hindcast replay`.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Asks what another template would have said of the past, and puts it in force once the answer was looked at.",
        discussion: """
            A run builds another generation, that is another complete answer, beside the live one: plan, run, diff, promote. Nothing that a reader can see \
            changes before the promotion, which moves one pointer. `hindcast replay what-if` looks and cleans up.
            """,
        subcommands: [
            ReplayPlanCommand.self, ReplayRunCommand.self, ReplayResumeCommand.self, ReplayPauseCommand.self, ReplayAbortCommand.self,
            ReplayDiffCommand.self, ReplayPromoteCommand.self, ReplayRollbackCommand.self, ReplayRetireCommand.self, ReplayWhatIfCommand.self,
            ReplayMigrateCommand.self, ReplayVerifyCommand.self, ReplayListCommand.self, ReplayShowCommand.self,
        ])
}

/// The number of a run, as the argument of most commands.
struct ReplayIDArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The run's number, as `hindcast replay list` shows it.", valueName: "id"))
    var run: Int32
}
