import ArgumentParser
import Logging
import Postgres

/// `hindcast events show`.
struct EventsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints one event with its bytes as they arrived.",
        discussion: """
            Findings name the position of an event, SOURCE:OFFSET. Bytes that are not UTF-8 are printed in hexadecimal.

            Examples:
              hindcast events show 3:1207
              hindcast events show 3:1207 --payload | jq .
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("Where the event stands.", valueName: "source:offset"))
    var position: String

    @Flag(help: "Only the payload, byte for byte.")
    var payload = false

    func run() throws {
        let parts = position.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let source = Int32(parts[0]), let offset = Int64(parts[1]) else {
            throw OperatorError(.usage, "\"\(position)\" is no position: expected SOURCE:OFFSET, two numbers, as findings name them.")
        }
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .payload)
        guard let event = try connection.queryOne(SelectEvent(source: source, offset: offset)) else {
            throw OperatorError(
                .unknown, "The log holds no event at \(position); `hindcast status` shows its sources, how far they go and their holes.")
        }
        if payload {
            Output.write(event.payload ?? [])
        } else {
            for line in EventReport(event).lines(Palette(isOn: Output.isColoured)) { Output.line(line) }
        }
    }
}
