import ArgumentParser
import Catalog
import Hashing
import Logging
import Postgres

/// `hindcast template activate`.
struct TemplateActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Puts a version in force from now on.",
        discussion: """
            Events before are judged as they were. VERSION is the number that `hindcast template list` shows, or at least 8 digits of its hash.

            Examples:
              hindcast template activate "dtmi:example:Pump;1@2"
              hindcast template activate "dtmi:example:Pump;1@9f86d081"
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("The version.", valueName: "id@version"))
    var template: TemplateName

    func validate() throws {
        if template.version == nil { throw ValidationError("\(template.templateID) names no version: expected ID@VERSION.") }
    }

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let result = try Templates.activate(template.templateID, version: template.version ?? "", actor: Actor.name, on: &connection)
        let name = "\(result.version.templateID)@\(result.version.version) \(result.version.sha256.hex.prefix(12))"
        Output.line(result.controlSeq.map { "\(name) in force (control event \($0))" } ?? "\(name) was in force already")
    }
}
