import ArgumentParser
import Diagnostics
import EventLog
import JSON
import Logging
import Postgres

/// `hindcast explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows what is wrong with an event: its bytes, the template, and what to change.",
        discussion: """
            An event is named by its position, SOURCE:OFFSET, as findings name it, or by its device: then its latest events with findings are shown. It is \
            judged again by what is in force at its position in the live generation.

            Examples:
              hindcast explain 3:1207
              hindcast explain pump-17 --last 3
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("A device id, or where the event stands.", valueName: "device|source:offset"))
    var subject: String

    @Option(help: "Only the device of this tenant.")
    var tenant: String?

    @Option(help: "How many of a device's latest events with findings.")
    var last = 1

    @Option(help: "text, or json (one object a line).")
    var format = ExplanationFormat.text

    func validate() throws {
        guard (1...1000).contains(last) else { throw ValidationError("--last is \(last), expected 1 to 1000") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let sources = try LogSources.all(on: &connection)
        for (number, position) in try positions(on: &connection).enumerated() {
            guard let source = sources.first(where: { $0.sourceID == position.source }) else {
                throw OperatorError(.unknown, "The log has no source \(position.source); `hindcast source list` shows those that it has.")
            }
            let report = ExplanationReport(try ExplainedEvent(source: source, offset: position.offset, on: &connection))
            switch format {
            case .text:
                if number > 0 { Output.line() }
                for line in report.lines(Palette(isOn: Output.isColoured)) { Output.line(line) }
            case .json: Output.line(report.tree.onOneLine)
            }
        }
    }

    /// The positions that are asked for, the latest first. A subject of two numbers around a colon is a position.
    private func positions(on connection: inout Connection) throws -> [FindingPosition] {
        let parts = subject.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let source = Int32(parts[0]), let offset = Int64(parts[1]), source >= 0, offset >= 0 {
            return [FindingPosition(source: source, offset: offset)]
        }
        // As the log has it: an id that is too long for an index is cut and marked.
        let device = BoundedText.bound(subject, limit: BoundedText.identifierLimit)
        let found = try connection.query(SelectFindingPositions(device: device, tenant: tenant ?? "", limit: Int64(last)))
        guard found.isEmpty else { return found }
        let home = tenant.map { " of tenant \"\($0)\"" } ?? ""
        throw OperatorError(
            .unknown,
            "There are no findings of a device \"\(device)\"\(home); `hindcast monitor events --device` shows what it sends, and a position is written SOURCE:OFFSET."
        )
    }
}

/// How an explanation is printed.
enum ExplanationFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
