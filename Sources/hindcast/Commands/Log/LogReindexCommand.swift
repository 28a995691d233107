import ArgumentParser
import Catalog
import Diagnostics
import EventLog
import JSON
import Logging
import Postgres

/// `hindcast log reindex`.
struct LogReindexCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static let configuration = CommandConfiguration(
        commandName: "reindex",
        abstract: "Has this program's decoder read events that an older one logged.",
        discussion: """
            Where device, kind, envelope, times, module, component or template differ, views and commands show the new answer from then on. What was logged \
            stays as it is. May be stopped at any time and goes on from there; harmless while ingest and projections run. What projections made of the \
            events before stays until a replay.

            Examples:
              hindcast log reindex
              hindcast log reindex --source 3 --format json
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: ArgumentHelp("Only this source.", valueName: "id"))
    var source: Int32?

    @Option(help: "text or json.")
    var format = Format.text

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let sources = try LogSources.all(on: &connection).filter { source == nil || $0.sourceID == source }
        if let source, sources.isEmpty { throw OperatorError(.usage, "There is no source \(source); `hindcast source list` shows them.") }
        var reports: [ReindexReport] = []
        for source in sources {
            let report = try reindex(source, on: &connection)
            if format == .text { Output.line(report.text) }
            reports.append(report)
        }
        if format == .json {
            var writer = JSONWriter(layout: .pretty)
            writer.tree(.array(reports.map(\.tree)))
            writer.newline()
            Output.write(writer.bytes)
        } else if reports.isEmpty {
            Output.line("no sources")
        }
    }

    private func reindex(_ source: LogSource, on connection: inout Connection) throws -> ReindexReport {
        var report = ReindexReport(source: source.sourceID)
        var reindexer = LogReindexer(source: source)
        guard let first = try reindexer.pending(on: &connection) else { return report }
        try connection.withTransaction { (connection: inout Connection) throws(PostgresError) in
            let body = JSONTree.object([
                "source_id": .integer(source.sourceID), "decoder": .integer(EventDecoder.version), "from_offset": .integer(first),
            ])
            _ = try ControlLog.append(.reindex, actor: Actor.name, body: body, on: &connection)
        }
        while let step = try reindexer.step(on: &connection) {
            report.events += step.events
            report.changes += step.changes
        }
        return report
    }
}

/// What a reindex of one source came to.
struct ReindexReport {
    let source: Int32
    var events: Int64 = 0
    var changes = ReindexChanges()

    init(source: Int32) { self.source = source }

    private var parts: [(name: String, count: Int64)] {
        [
            ("device", changes.devices), ("kind", changes.kinds), ("envelope", changes.envelopes), ("time", changes.times),
            ("place", changes.places), ("template", changes.templates),
        ]
    }

    var text: String {
        guard events > 0 else { return "source \(source): no events of an older decoder" }
        let what = parts.filter { $0.count > 0 }.map { "\($0.name) of \($0.count)" }.joined(separator: ", ")
        return "source \(source): \(events) events read by decoder \(EventDecoder.version), \(changes.events) understood differently"
            + (what.isEmpty ? "" : " (\(what))")
    }

    var tree: JSONTree {
        .object([
            "source_id": .integer(source), "decoder": .integer(EventDecoder.version), "events": .integer(events), "changed": .integer(changes.events),
            "changed_device": .integer(changes.devices), "changed_kind": .integer(changes.kinds), "changed_envelope": .integer(changes.envelopes),
            "changed_time": .integer(changes.times), "changed_place": .integer(changes.places), "changed_template": .integer(changes.templates),
        ])
    }
}
