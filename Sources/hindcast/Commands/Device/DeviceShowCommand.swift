import ArgumentParser
import Diagnostics
import JSON
import Logging
import Postgres

/// `hindcast device show`.
struct DeviceShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows what is known about a device: registration, traffic, properties and reported errors.",
        discussion: """
            `hindcast device diagnose` says what is wrong with it, `hindcast monitor events --device` what it sends.

            Examples:
              hindcast device show pump-17
              hindcast device show pump-17 --format json | jq .registration_info
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var one: OneDeviceOptions

    @Argument(help: ArgumentHelp("The device.", valueName: "[tenant/]device"))
    var id: String

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .dashboard)
        let report = try DeviceReport.read(id, tenant: one.tenant, ago: Ago(now: Clock.now), on: &connection)
        let (tenant, device) = (report.device.tenant, report.device.device)
        let more = DeviceDetails(
            properties: try connection.query(SelectProperties(tenant: tenant, device: device)),
            errors: try connection.query(SelectDeviceErrors(tenant: tenant, device: device)), ago: report.ago)
        one.format.print(
            text: { report.heading($0) + report.facts($0) + more.lines($0) + DeviceDetails.hint(report.causes, $0) },
            json: { [JSONTree.object(report.tree.members + more.members).onOneLine] })
    }
}
