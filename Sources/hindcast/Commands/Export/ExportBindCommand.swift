import ArgumentParser
import Diagnostics
import Exports
import Logging
import Postgres

/// What a binding is between.
struct BindingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The export.", valueName: "id"))
    var export: String

    @Option(help: ArgumentHelp("Its destination.", valueName: "id"))
    var destination: String

    @Option(help: "The export's tenant.")
    var tenant: String

    @Option(help: "The topic of the log that is this destination.")
    var topic: String

    var route: ExportRoute { ExportRoute(tenant: tenant, exportID: export, destinationID: destination) }
}

/// `hindcast export bind`.
struct ExportBindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bind",
        abstract: "Says that a topic of the log is itself a destination of an export.",
        discussion: """
            What such an export leaves out, the log does not have either: its gaps are found by its timeline and by silence, and cannot be counted.

            Examples:
              hindcast export bind --export e-7f3a --destination d-hub --tenant app --topic telemetry
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var binding: BindingOptions

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let isNew = try ExportStore.bind(binding.route, topic: binding.topic, actor: Actor.name, on: &connection)
        Output.line("topic \(PrintableText.of(binding.topic)): \(isNew ? "bound" : "bound already") to export \(PrintableText.of(binding.export))")
    }
}

/// `hindcast export unbind`.
struct ExportUnbindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unbind",
        abstract: "Takes back what `hindcast export bind` said.",
        discussion: """
            Examples:
              hindcast export unbind --export e-7f3a --destination d-hub --tenant app --topic telemetry
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var binding: BindingOptions

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        guard try ExportStore.unbind(binding.route, topic: binding.topic, actor: Actor.name, on: &connection) else {
            throw OperatorError(.usage, "Topic \"\(binding.topic)\" is not bound to export \"\(binding.export)\" and that destination.")
        }
        Output.line("topic \(PrintableText.of(binding.topic)): no longer bound to export \(PrintableText.of(binding.export))")
    }
}
