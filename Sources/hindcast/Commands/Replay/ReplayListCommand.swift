import ArgumentParser
import Logging
import Postgres
import Replay

/// `hindcast replay list`.
struct ReplayListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists every run that was ever planned.",
        discussion: """
            Examples:
              hindcast replay list
              hindcast replay list --format json
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: "text, or json (one object a line).")
    var format = LineFormat.text

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let runs = try ReplayRuns.list(on: &connection).map { ReplayRunReport(run: $0, progress: nil) }
        switch format {
        case .text: for line in ReplayRunReport.table(runs, Palette(isOn: Output.isColoured)) { Output.line(line) }
        case .json: for run in runs { Output.line(run.tree.onOneLine) }
        }
    }
}
