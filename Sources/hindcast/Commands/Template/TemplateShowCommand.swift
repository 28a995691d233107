import ArgumentParser
import Catalog
import Diagnostics
import Hashing
import Logging
import Postgres

/// `hindcast template show`.
struct TemplateShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a template as it was published, byte for byte.",
        discussion: """
            Without VERSION, the one in force. Which version that is goes to standard error.

            Examples:
              hindcast template show "dtmi:example:Pump;1" > pump.json
              hindcast template show "dtmi:example:Pump;1@2"
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("The template.", valueName: "id[@version]"))
    var template: TemplateName

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let (version, document) = try Templates.show(template.templateID, version: template.version, on: &connection)
        let state = version.isInForce ? ", in force" : ""
        Output.error("\(version.templateID)@\(version.version) \(version.sha256.hex) published \(version.publishedAt.rfc3339)\(state)")
        Output.write(document)
    }
}
