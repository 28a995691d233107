import ArgumentParser
import Catalog
import Logging
import Postgres

/// `hindcast template assign`.
struct TemplateAssignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Has devices whose messages name no template judged by this one, from now on.",
        discussion: """
            A later assignment overrides an earlier one. Without --tenant it holds for every tenant.

            Examples:
              hindcast template assign "dtmi:example:Pump;1" --devices "pump-*" "old-pump-?"
              hindcast template assign "dtmi:example:Pump;1" --devices "*" --tenant plant-7
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("The template.", valueName: "id"))
    var templateID: String

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Ids of devices; * and ? are wildcards.", valueName: "glob"))
    var devices: [String]

    @Option(help: "Only devices of this tenant.")
    var tenant: String?

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let seq = try Templates.assign(templateID, tenant: tenant ?? "", devices: devices, actor: Actor.name, on: &connection)
        Output.line("\(templateID) assigned to \(devices.joined(separator: ", ")) (control event \(seq))")
    }
}
