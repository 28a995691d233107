import ArgumentParser
import Catalog
import EventLog
import JSON
import Logging
import Postgres

/// `hindcast source hole`.
struct SourceHoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hole",
        abstract: "Declares that the next offsets of a source can never be read, so that it goes on behind them.",
        discussion: """
            For records that the broker has lost and does not say so. --from has to be the source's next offset. Recorded as a hole with reason \
            operator, and as a control event; whoever writes the source at the moment is fenced off.

            Examples:
              hindcast source hole 3 --from 1200 --to 1499
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("The source's number, as `hindcast source list` shows it.", valueName: "id"))
    var source: Int32

    @Option(help: ArgumentHelp("The first offset that is missing.", valueName: "offset"))
    var from: Int64

    @Option(help: ArgumentHelp("The last offset that is missing.", valueName: "offset"))
    var to: Int64

    func validate() throws {
        if from < 0 || to < from { throw ValidationError("--from \(from) --to \(to): expected two offsets from 0, the second no smaller.") }
        // The offset behind the hole has to be a number, too.
        if to == .max { throw ValidationError("--to \(to): expected a smaller offset.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try connection.requireSource(source)
        let isDeclared = try connection.withTransaction { (connection: inout Connection) throws(PostgresError) in
            guard try LogHole.declare(source: source, first: from, last: to, on: &connection) else { return false }
            let body = JSONTree.object(["source_id": .integer(source), "first_offset": .integer(from), "last_offset": .integer(to)])
            _ = try ControlLog.append(.hole, actor: Actor.name, body: body, on: &connection)
            return true
        }
        guard isDeclared else {
            let next = try LogSources.all(on: &connection).first { $0.sourceID == source }?.nextOffset ?? 0
            throw OperatorError(.usage, "Source \(source) goes on at offset \(next), not at \(from); a hole has to begin there.")
        }
        Output.line("source \(source): hole from \(from) to \(to); the next offset is \(to + 1)")
    }
}
