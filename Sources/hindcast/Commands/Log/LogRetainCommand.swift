import ArgumentParser
import Catalog
import Diagnostics
import EventLog
import JSON
import Logging
import Postgres

/// `hindcast log retain`.
struct LogRetainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retain",
        abstract: "Drops the days of the log that are older than asked.",
        discussion: """
            Days are UTC, by the time of ingest. A day that some projection has not read yet stays, and makes the exit status 1. What goes is recorded \
            as holes with reason retention; the hash chain still verifies.

            Examples:
              hindcast log retain --keep-days 90 --dry-run
              hindcast log retain --keep-days 90
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: ArgumentHelp("How many days to keep, today included.", valueName: "n"))
    var keepDays: Int16

    @Flag(help: "Only say what would be done.")
    var dryRun = false

    func validate() throws {
        if keepDays < 1 { throw ValidationError("--keep-days \(keepDays): expected 1 or more.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let keepFrom = Clock.now.day - keepDays + 1
        var isDone = true
        let candidates = try LogRetention.candidates(before: keepFrom, on: &connection)
        if candidates.isEmpty { Output.line("nothing to drop before \(date(keepFrom))") }
        for candidate in candidates {
            guard candidate.blockedBy.isEmpty else {
                isDone = false
                Output.line("\(date(candidate.segment)) stays, not read yet by \(candidate.blockedBy.joined(separator: ", "))")
                continue
            }
            if dryRun {
                Output.line("\(date(candidate.segment)) would be dropped")
                continue
            }
            let holes = try connection.withTransaction { (connection: inout Connection) throws(PostgresError) in
                let holes = try LogRetention.drop(candidate.segment, on: &connection)
                let body = JSONTree.object(["segment": .integer(candidate.segment), "keep_days": .integer(keepDays)])
                _ = try ControlLog.append(.retain, actor: Actor.name, body: body, on: &connection)
                return holes
            }
            Output.line("\(date(candidate.segment)) dropped, with events of \(holes.count) sources")
        }
        if !isDone { throw Verdict(status: .negative) }
    }

    private func date(_ day: Int16) -> String { String(Timestamp(startOfDay: day).rfc3339.prefix(10)) }
}
