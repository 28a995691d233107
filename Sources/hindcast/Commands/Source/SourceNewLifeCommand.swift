import ArgumentParser
import Catalog
import EventLog
import JSON
import Logging
import Postgres

/// `hindcast source new-life`.
struct SourceNewLifeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-life",
        abstract: "Ends a source and begins it anew at offset 0.",
        discussion: """
            For a topic that was deleted and made again: ingest stops such a source and says so, since offsets do not mean what they meant. What the log \
            holds stays; whoever writes the old life is fenced off. Takes effect when ingest is assigned the partition again.

            Examples:
              hindcast source new-life 3
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("The source's number, as `hindcast source list` shows it.", valueName: "id"))
    var source: Int32

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        try connection.requireSource(source)
        let new = try connection.withTransaction { (connection: inout Connection) throws(PostgresError) in
            let new = try LogSources.startNewLife(of: source, on: &connection)
            let body = JSONTree.object(["source_id": .integer(source), "new_source_id": .integer(new)])
            _ = try ControlLog.append(.newSourceLife, actor: Actor.name, body: body, on: &connection)
            return new
        }
        Output.line("source \(source) has ended; its next life is source \(new)")
    }
}

extension Connection {
    /// - Throws: ``OperatorError`` where there is no such source, or its life has ended.
    mutating func requireSource(_ source: Int32) throws {
        let known = try LogSources.all(on: &self)
        guard let found = known.first(where: { $0.sourceID == source }) else {
            let numbers = known.isEmpty ? "there is none" : "there are \(known.map { "\($0.sourceID)" }.joined(separator: ", "))"
            throw OperatorError(.usage, "There is no source \(source); \(numbers). `hindcast source list` shows them.")
        }
        if found.isEnded { throw OperatorError(.usage, "Source \(source) has ended already; `hindcast source list` shows its next life.") }
    }
}
