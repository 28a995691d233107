import ArgumentParser
import Diagnostics
import Exports
import JSON
import Logging
import Postgres

/// `hindcast export import`.
struct ExportImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Stores what exports and destinations are, as IoT Central's REST API answers it.",
        discussion: """
            The file holds one export or destination, a list of them, a page of the API ({"value": […]}), or {"exports": …, "destinations": …}. What differs \
            from the newest version becomes a new one; versions are kept. Secrets are masked before anything is stored. A file with a mistake changes nothing.

            A definition counts from now on; --at says since when it has been so, which lets gaps of the past be counted by it.

            Examples:
              az rest --method get --url "https://app.azureiotcentral.com/api/dataExport/exports?api-version=2022-10-31-preview" > exports.json
              hindcast export import exports.json --tenant app
              hindcast export import destinations.json --tenant app --at 2026-11-01T00:00:00Z
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Option(help: "The tenant that the exports belong to: the application, as device_health shows it.")
    var tenant: String

    @Option(help: ArgumentHelp("Since when it is so; \(TimePoint.expectation).", valueName: "time"))
    var at: TimePoint?

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text

    func run() throws {
        let content: ExportFile
        switch FileBytes.read(file) {
        case .failure(let failure): throw OperatorError(.usage, "Cannot read \(file): \(failure.reason).")
        case .success(let bytes): content = try ExportFile.read(bytes, name: file)
        }
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let imported = try ExportStore.import(content, tenant: tenant, at: at?.instant(now: Clock.now), actor: Actor.name, on: &connection)
        format.print(
            text: { _ in
                imported.map { object in
                    "\(object.isExport ? "export" : "destination") \(PrintableText.of(object.id)): version \(object.version)\(object.isNew ? "" : ", unchanged")"
                }
            },
            json: {
                imported.map { object in
                    JSONTree.object([
                        "object": .string(object.isExport ? "export" : "destination"), "id": .string(object.id),
                        "version": .integer(object.version), "is_new": .bool(object.isNew),
                    ]).onOneLine
                }
            })
    }
}
