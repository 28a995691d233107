import ArgumentParser

/// `hindcast device`.
struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "Shows how devices are, why, and how they came to be so.",
        subcommands: [
            DeviceListCommand.self, DeviceShowCommand.self, DeviceDiagnoseCommand.self, DeviceHistoryCommand.self, DeviceAsOfCommand.self,
        ])
}

/// How a report is printed: for people, or one JSON object a line.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json

    /// Prints what the format asks for.
    func print(text: (Palette) -> [String], json: () -> [String]) {
        switch self {
        case .text: for line in text(Palette(isOn: Output.isColoured)) { Output.line(line) }
        case .json: for line in json() { Output.line(line) }
        }
    }
}

/// The options of commands about one device.
struct OneDeviceOptions: ParsableArguments {
    @Option(help: "The device's tenant, where several have one of this id.")
    var tenant: String?

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text
}
