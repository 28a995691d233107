import ArgumentParser

/// `hindcast export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Finds what data exports did not deliver, says why, and gives it back.",
        discussion: """
            An export delivers only what arrives while it is on and its destination takes it. `hindcast project` finds what is missing, by what the log holds \
            and what is known of each export; these commands tell it about exports and show what it found.
            """,
        subcommands: [
            ExportImportCommand.self, ExportListCommand.self, ExportShowCommand.self, ExportStatusCommand.self, ExportCheckCommand.self,
            ExportGapsCommand.self, ExportReconcileCommand.self, ExportBackfillCommand.self, ExportAcceptCommand.self,
            ExportBindCommand.self, ExportUnbindCommand.self,
        ])
}
