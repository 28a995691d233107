import ArgumentParser
import Diagnostics
import Logging
import Postgres

/// `hindcast device list`.
struct DeviceListCommand: ParsableCommand {
    /// The labels that `--health` takes.
    enum Health: String, ExpressibleByArgument, CaseIterable {
        case healthy, degraded, failing, silent, blocked, unassigned, unknown
    }

    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists devices, the worst first.",
        discussion: """
            What is listed are devices to which all of the options apply; one that is repeated asks for any of its values. \
            Exit status 3 where a tenant, a template or a device is asked for that the log does not know.

            Examples:
              hindcast device list --health failing --health degraded
              hindcast device list --cause wrong-type --template "dtmi:example:Pump;1"
              hindcast device list --device "pump-*" --format json | jq -r .device_id
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: ArgumentHelp("Only devices of this health; may be repeated.", valueName: "label"))
    var health: [Health] = []

    @Option(help: ArgumentHelp("Only devices with this cause of trouble; may be repeated.", valueName: "id"))
    var cause: [CauseLabel] = []

    @Option(help: ArgumentHelp("Only devices of this template.", valueName: "id"))
    var template: String?

    @Option(help: ArgumentHelp("Only devices whose id matches; * and ? are wildcards.", valueName: "glob"))
    var device: String?

    @Option(help: "Only devices of this tenant.")
    var tenant: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 100

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text

    func validate() throws {
        if !(1...1_000_000).contains(limit) { throw ValidationError("--limit \(limit): expected 1 to 1000000.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .dashboard)
        // One more than is shown, to know whether there are more.
        let rows = try connection.query(
            SelectDevices(
                health: health.map(\.rawValue), causes: cause.map(\.rawValue), template: template ?? "", device: DeviceGlob.like(device),
                tenant: tenant ?? "",
                limit: Int64(limit) + 1))
        if rows.isEmpty { try FilterLookup.refuseUnknown(tenant: tenant, template: template, device: device, on: &connection) }
        let report = DeviceListReport(rows: Array(rows.prefix(limit)), ago: Ago(now: Clock.now))
        format.print(text: report.lines, json: { report.json })
        if rows.count > limit { Output.error("hindcast: there are more than \(limit) such devices; --limit shows more of them.") }
    }
}
