import ArgumentParser
import EventLog
import Logging
import Postgres

/// `hindcast log verify`.
struct LogVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hashes every stored byte again and walks the chain of batches.",
        discussion: """
            Names the first batch of each source that does not match, and then exits with 1.

            Examples:
              hindcast log verify
              hindcast log verify --source 3
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: ArgumentHelp("Only this source.", valueName: "id"))
    var source: Int32?

    func run() throws {
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        let known = try LogSources.all(on: &connection).map(\.sourceID)
        if let source, !known.contains(source) { throw OperatorError(.usage, "There is no source \(source); `hindcast source list` shows them.") }
        var isWhole = true
        for number in source.map({ [$0] }) ?? known {
            let report = try LogVerifier().verify(source: number, on: &connection)
            if let fault = report.fault {
                isWhole = false
                Output.line("source \(number): NOT WHOLE, batch \(fault.firstOffset) to \(fault.lastOffset): \(fault.description)")
            } else {
                let dropped = report.droppedBatches == 0 ? "" : ", \(report.droppedBatches) more dropped by retention"
                Output.line("source \(number): whole, \(report.events) events in \(report.batches) batches\(dropped)")
            }
        }
        if known.isEmpty { Output.line("no sources") }
        if !isWhole { throw Verdict(status: .negative) }
    }
}
