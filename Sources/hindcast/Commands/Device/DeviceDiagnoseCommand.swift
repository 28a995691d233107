import ArgumentParser
import Diagnostics
import Logging
import Postgres

/// `hindcast device diagnose`.
struct DeviceDiagnoseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract: "Says what keeps a device's data from showing up, and what to do.",
        discussion: """
            Causes are ranked: what is certain comes before what is likely. Each names an event that shows it, which `hindcast explain` opens. With --all \
            there is one line per device that has a cause. Exit status 1 where there is a cause, 0 where nothing wrong was found; with --all 3 \
            where nothing was found because the log does not know the tenant, or no device of such an id.

            Examples:
              hindcast device diagnose pump-17
              hindcast device diagnose --all --device "pump-*" --format json
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var one: OneDeviceOptions

    @Argument(help: ArgumentHelp("The device.", valueName: "[tenant/]device"))
    var id: String?

    @Flag(help: "Every device that has a cause of trouble.")
    var all = false

    @Option(help: ArgumentHelp("With --all, only devices whose id matches; * and ? are wildcards.", valueName: "glob"))
    var device: String?

    func validate() throws {
        guard (id == nil) == all else { throw ValidationError("Expected either a device or --all.") }
        if device != nil, !all { throw ValidationError("--device GLOB is for --all; a single device stands alone.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .dashboard)
        if let id {
            let report = try DeviceReport.read(id, tenant: one.tenant, ago: Ago(now: Clock.now), on: &connection)
            one.format.print(text: report.diagnosis, json: { [report.tree.onOneLine] })
            if !report.causes.isEmpty { throw Verdict(status: .negative) }
        } else if try diagnoseAll(on: &connection) {
            throw Verdict(status: .negative)
        }
    }

    /// Prints a line per device as its causes come, and says whether there was one.
    private func diagnoseAll(on connection: inout Connection) throws -> Bool {
        let palette = Palette(isOn: Output.isColoured)
        var causes: [CauseRow] = []
        var count = 0
        func flush() {
            guard !causes.isEmpty else { return }
            let line = DiagnosisLine(causes: causes)
            Output.line(one.format == .json ? line.json : line.text(palette))
            count += 1
            causes = []
        }
        let statement = SelectAllCauses(device: DeviceGlob.like(device), tenant: one.tenant ?? "")
        try connection.forEachRow(statement) { (row: borrowing RowView) throws(PostgresError) in
            let cause = try CauseRow(row)
            if let last = causes.last, last.tenant != cause.tenant || last.device != cause.device { flush() }
            causes.append(cause)
        }
        flush()
        if count == 0 { try FilterLookup.refuseUnknown(tenant: one.tenant, device: device, on: &connection) }
        if count == 0, one.format == .text { Output.line(palette.good("nothing wrong found")) }
        return count > 0
    }
}

extension DeviceReport {
    /// Reads what is known about the device of a name.
    static func read(_ text: String, tenant: String?, ago: Ago, on connection: inout Connection) throws -> DeviceReport {
        let device = try DeviceLookup.find(text, tenant: tenant, on: &connection)
        return DeviceReport(
            device: device, registration: try connection.queryOne(SelectRegistration(tenant: device.tenant, device: device.device)),
            causes: try connection.query(SelectCauses(tenant: device.tenant, device: device.device)), ago: ago)
    }
}
