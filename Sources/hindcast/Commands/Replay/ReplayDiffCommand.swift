import ArgumentParser
import Catalog
import Logging
import Replay

extension ReplayChangeGroup.Dimension: ExpressibleByArgument {}

/// `hindcast replay diff`.
struct ReplayDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what a run would change, with events that show it, and the digest that a promotion asks for.",
        discussion: """
            Compared is what the live generation said at the cut with what the run says there, per device, template, place and rule. Each example is an event \
            for `hindcast explain`.

            Examples:
              hindcast replay diff 3
              hindcast replay diff 3 --by rule
              hindcast replay diff 3 --format csv --sample 100000 > changes.csv
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var argument: ReplayArgument

    @Option(help: "Count the changes by device, template, path, rule or day, instead of listing them.")
    var by: ReplayChangeGroup.Dimension?

    @Option(help: ArgumentHelp("How many lines at most.", valueName: "n"))
    var sample: Int64 = 20

    @Option(help: "text, json (one array) or csv (RFC 4180).")
    var format = TableFormat.text

    func validate() throws {
        if sample < 0 { throw ValidationError("--sample \(sample): expected 0 or more.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let run = try ReplayRuns.show(argument.run, on: &connection)
        guard run.summary != nil else {
            throw OperatorError(
                .unknown, "Replay \(run.id) is \(run.state.rawValue) and was not compared yet; `hindcast replay run \(run.id)` does so.")
        }
        let report =
            if let by {
                ReplayDiffReport(run: run, groups: try ReplayChangeGroup.list(run: run.id, by: by, limit: sample, on: &connection), by: by)
            } else {
                ReplayDiffReport(run: run, changes: try ReplayChange.list(run: run.id, limit: sample, on: &connection))
            }
        Output.write(report.text(format, Palette(isOn: Output.isColoured)))
    }
}
