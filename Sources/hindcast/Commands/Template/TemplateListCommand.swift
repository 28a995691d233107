import ArgumentParser
import Catalog
import Diagnostics
import Hashing
import Logging
import Postgres

/// `hindcast template list`.
struct TemplateListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists every version of every template.",
        discussion: """
            Examples:
              hindcast template list
            """)

    @OptionGroup var options: SettingOptions

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        var table = TextTable(("TEMPLATE", .left), ("VERSION", .right), ("HASH", .left), ("PUBLISHED", .left), ("IN FORCE", .left))
        for version in try Templates.list(on: &connection) {
            table.add(
                version.templateID, "\(version.version)", String(version.sha256.hex.prefix(12)), version.publishedAt.rfc3339,
                version.isInForce ? "yes" : "no")
        }
        for line in table.isEmpty ? ["No templates."] : table.lines(Palette(isOn: Output.isColoured)) { Output.line(line) }
    }
}
