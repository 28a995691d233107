import ArgumentParser

/// `template`: prints the template that the sent telemetry is built to.
struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "template", abstract: "Print the device template of the sent telemetry.")

    func run() { print(LoadModel.document) }
}
