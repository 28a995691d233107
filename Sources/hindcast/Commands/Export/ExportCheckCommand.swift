import ArgumentParser
import Diagnostics
import Exports
import JSON
import Logging
import Postgres

/// `hindcast export check`.
struct ExportCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says what each destination asks of the export's identity, what was seen of it, and what to do.",
        discussion: """
            What is seen is what the service says of a destination; the roles themselves it cannot look at. The exit status is 1 where the service holds \
            something against a destination.

            Examples:
              hindcast export check
              hindcast export check --destination d-hub --tenant app
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: "Only destinations of this tenant.")
    var tenant: String?

    @Option(help: ArgumentHelp("Only this destination.", valueName: "id"))
    var destination: String?

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let known = try KnownExports.all(on: &connection).values.filter { tenant == nil || $0.tenant == tenant }.sorted { $0.tenant < $1.tenant }
        let checked = known.flatMap { known in
            known.destinations.keys.sorted().filter { destination == nil || $0 == destination }.compactMap { known.destination($0) }
                .map { CheckedDestination(tenant: known.tenant, destination: $0, findings: DestinationPermissions.check($0)) }
        }
        guard !checked.isEmpty else {
            throw OperatorError(
                .usage, "No such destination is known; `hindcast export import` stores what IoT Central's REST API says of destinations.")
        }
        format.print(text: { palette in checked.flatMap { $0.lines(palette) } }, json: { checked.flatMap(\.json) })
        if checked.contains(where: { $0.findings.contains { $0.severity == .error } }) { throw Verdict(status: .negative) }
    }
}
