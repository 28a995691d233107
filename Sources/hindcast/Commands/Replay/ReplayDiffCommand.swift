import ArgumentParser
import Logging
import Postgres
import Replay

/// `hindcast replay diff`.
struct ReplayDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what a run would change: what appears, disappears, and is more or less often.",
        discussion: """
            Counted at the cut, where the plan froze the log. Each change names an event that `hindcast explain` opens. The digest at the end is what a \
            promotion is bound to.

            Examples:
              hindcast replay diff 3
              hindcast replay diff 3 --by path --sample 50
              hindcast replay diff 3 --format csv > changes.csv
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var id: ReplayIDArgument
    @OptionGroup var view: ReplayDiffOptions

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let report = try ReplayDiffReport.read(id.run, view, on: &connection)
        Output.write(report.text(view.format, Palette(isOn: Output.isColoured)))
    }
}
