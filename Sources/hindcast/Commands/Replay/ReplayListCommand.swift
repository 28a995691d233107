import ArgumentParser
import Catalog
import Diagnostics
import Logging
import Replay

/// `hindcast replay list`.
struct ReplayListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists every run that was planned.",
        discussion: """
            Examples:
              hindcast replay list
            """)

    @OptionGroup var options: SettingOptions

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        var table = TextTable(
            ("RUN", .right), ("FOR", .left), ("STATE", .left), ("TEMPLATE", .left), ("GENERATION", .right), ("APPEARED", .right),
            ("DISAPPEARED", .right),
            ("CHANGED", .right), ("PLANNED", .left))
        for run in try ReplayRuns.list(on: &connection) {
            table.add(
                "\(run.id)", run.purpose.rawValue, run.state.rawValue, PrintableText.of(run.templateID ?? "as live"), "\(run.generation)",
                run.summary.map { "\($0.appeared)" } ?? "", run.summary.map { "\($0.disappeared)" } ?? "", run.summary.map { "\($0.changed)" } ?? "",
                run.plannedAt.rfc3339)
        }
        for line in table.isEmpty ? ["No replays."] : table.lines(Palette(isOn: Output.isColoured)) { Output.line(line) }
    }
}
