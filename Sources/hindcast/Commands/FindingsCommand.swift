import ArgumentParser
import Logging
import Postgres

/// How a table is printed.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv
}

/// `hindcast findings`.
struct FindingsCommand: ParsableCommand {
    /// The severities that `--fail-on` takes.
    enum Severity: String, ExpressibleByArgument, CaseIterable {
        case error, warning, info
    }

    static let configuration = CommandConfiguration(
        commandName: "findings",
        abstract: "Prints what is wrong, per device, template version, component, path and rule.",
        discussion: """
            The worst and most frequent come first. With --fail-on, findings of at least that severity make the exit status 1, for use in scripts.

            Examples:
              hindcast findings --device "pump-*"
              hindcast findings --format csv > findings.csv
              hindcast findings --fail-on error
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: ArgumentHelp("Only devices whose id matches; * and ? are wildcards.", valueName: "glob"))
    var device: String?

    @Option(help: "Only devices of this tenant.")
    var tenant: String?

    @Option(help: "text, json (one array) or csv (RFC 4180).")
    var format = TableFormat.text

    @Option(help: ArgumentHelp("Exit with 1 where there are findings of at least this severity: error, warning or info.", valueName: "severity"))
    var failOn: Severity?

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .dashboard)
        let rows = try connection.query(SelectFindings(device: DeviceGlob.like(device), tenant: tenant ?? ""))
        if rows.isEmpty { try FilterLookup.refuseUnknown(tenant: tenant, device: device, on: &connection) }
        Output.write(FindingsReport(rows: rows).text(format, Palette(isOn: Output.isColoured)))
        if let failOn {
            let counted = Severity.allCases.prefix { $0 != failOn }.map(\.rawValue) + [failOn.rawValue]
            if rows.contains(where: { counted.contains($0.severity) }) { throw Verdict(status: .negative) }
        }
    }
}
