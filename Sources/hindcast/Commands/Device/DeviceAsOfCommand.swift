import ArgumentParser
import Diagnostics
import Logging
import Postgres

/// `hindcast device as-of`.
struct DeviceAsOfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "as-of",
        abstract: "Shows the state of a device at a past time, by folding the log up to it.",
        discussion: """
            The events up to and with that time are folded as the live projection folds them, by event time. Exit status 3 where retention has taken some of \
            them: then nobody can say any more.

            Examples:
              hindcast device as-of 2026-11-28T06:00:00Z pump-17
              hindcast device as-of 2h plant-7/pump-17 --format json
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var one: OneDeviceOptions

    @Argument(help: ArgumentHelp("RFC 3339, or how long ago, such as 15m or 2h.", valueName: "time"))
    var time: TimePoint

    @Argument(help: ArgumentHelp("The device.", valueName: "[tenant/]device"))
    var id: String

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let device = try DeviceLookup.find(id, tenant: one.tenant, on: &connection)
        let time = time.instant(now: Clock.now)
        let past = try DevicePast(device, on: &connection)
        let (history, first) = try past.fold(through: time, on: &connection)
        if let loss = try past.loss(through: time, first: first, on: &connection) { throw OperatorError(.unknown, loss) }
        let state = history.state
        let labels = try state.flatMap { try connection.queryOne(SelectLabels(state: $0)) }
        let report = DeviceStateReport(device: device, time: time, state: state, labels: labels)
        one.format.print(text: report.lines, json: { [report.tree.onOneLine] })
    }
}
