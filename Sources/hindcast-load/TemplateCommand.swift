import ArgumentParser

/// `template`: prints the template that the sent telemetry is built to.
struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "template", abstract: "Print the device template of the sent telemetry.")

    @Flag(help: "The template of the records that `produce --mixed` sends.")
    var mixed = false

    func run() { print(mixed ? MixedModel.document : LoadModel.document) }
}
