import ArgumentParser
import EventLog
import Logging
import Postgres

/// `hindcast status`.
struct StatusCommand: ParsableCommand {
    /// How the status is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how far ingest and projections came, the log's days, and its holes.",
        discussion: """
            Lag is in events: for a source what the broker had more when it was last looked at, for a projection what the log has more. A source has ended when \
            another life of it began, or its embedded broker is gone: nobody reads on there, and nobody has to. Exit status 1 where a projection is paused.

            Examples:
              hindcast status
              hindcast status --format json | jq '.sources[] | select(.lag > 0 and (.ended | not))'
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: "text or json.")
    var format = Format.text

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let report = StatusReport(
            sources: try connection.query(SelectIngestProgress()), projections: try connection.query(SelectProjectionProgress()),
            segments: try LogSegments.all(on: &connection), holes: try connection.query(SelectHoles()))
        switch format {
        case .text: for line in report.lines(Palette(isOn: Output.isColoured)) { Output.line(line) }
        case .json: Output.write(report.json())
        }
        if report.projections.contains(where: { $0.state == "paused" }) { throw Verdict(status: .negative) }
    }
}
