import ArgumentParser
import Catalog
import Diagnostics
import Logging
import Postgres

/// `hindcast device history`.
struct DeviceHistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Shows how a device's status, template and connection changed, the oldest change first.",
        discussion: """
            The log's events of the device are folded again, and the status after each change is shown. Changes of the connection in a row are one line. \
            Assignments and versions that operators put in force stand between them. Exit status 3 where retention has taken the beginning.

            Examples:
              hindcast device history pump-17
              hindcast device history plant-7/pump-17 --since 7d --format json
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var one: OneDeviceOptions

    @Argument(help: ArgumentHelp("The device.", valueName: "[tenant/]device"))
    var id: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only changes as late as this: RFC 3339, or how long ago, such as 15m or 7d.", valueName: "time"))
    var since: TimePoint?

    @Option(help: ArgumentHelp("How many of the last changes.", valueName: "count"))
    var last = 100

    func validate() throws {
        if !(1...10_000).contains(last) { throw ValidationError("--last \(last): expected 1 to 10000.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let device = try DeviceLookup.find(id, tenant: one.tenant, on: &connection)
        let past = try DevicePast(device, on: &connection)
        let decisions = try Timeline.Decision.all(
            in: try ControlLog.events(after: 0, on: &connection), tenant: device.tenant, device: device.device)
        var timeline = Timeline(decisions: decisions, since: since?.instant(now: Clock.now) ?? .earliest, limit: last)
        let (_, first) = try past.fold(through: .latest, on: &connection) { event, position, history in
            guard let state = history.state else { return }
            timeline.take(state, time: event.eventTime, position: position, renamed: event.kind == .renamed)
        }
        timeline.finish()
        var entries: [(entry: Timeline.Entry, labels: SelectLabels.Row?)] = []
        for entry in timeline.entries {
            entries.append((entry, try entry.state.flatMap { try connection.queryOne(SelectLabels(state: $0)) }))
        }
        let report = TimelineReport(device: device, entries: entries)
        one.format.print(text: report.lines, json: { report.json })
        if let loss = try past.loss(through: .latest, first: first, on: &connection) { throw OperatorError(.unknown, loss) }
    }
}
