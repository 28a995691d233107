import ArgumentParser
import Logging
import Postgres
import Replay

/// `hindcast replay show`.
struct ReplayShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one run: what it tries, how far it is, what it would change, and what can be done next.",
        discussion: """
            Examples:
              hindcast replay show 3
              hindcast replay show 3 --format json
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var id: ReplayIDArgument

    @Option(help: "text, or json (one object a line).")
    var format = LineFormat.text

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let run = try ReplayRuns.show(id.run, on: &connection)
        var report = ReplayRunReport(run: run, progress: try ReplayProgress.read(run: run.id, on: &connection))
        report.hasWayBack = try Promotions.isBaseKept(run, on: &connection)
        switch format {
        case .text: for line in report.text { Output.line(line) }
        case .json: Output.line(report.tree.onOneLine)
        }
    }
}
