import ArgumentParser
import Diagnostics
import JSON

/// `hindcast error-codes`.
struct ErrorCodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "error-codes",
        abstract: "Prints what the error codes of services mean, and what to do.",
        discussion: """
            Without a code: every one that is known. A number alone may mean different things to different services; then all of them are printed. Say \
            which service with its name in front: dps, hub, edge, adapter, device, other.

            Examples:
              hindcast error-codes
              hindcast error-codes hub:401002
              hindcast error-codes DEVICE_BLOCKED --format json
            """)

    @Argument(help: ArgumentHelp("Only this code: a number or a name, with or without the service in front.", valueName: "code"))
    var code: String?

    @Option(help: "text, or json (one object a line).")
    var format = LineFormat.text

    func run() throws {
        let codes = if let code { try Self.codes(named: code) } else { ErrorCatalogue.codes }
        let report = ErrorCodesReport(codes: codes, asked: code)
        for line in format == .json ? report.json : code == nil ? report.table(Palette(isOn: Output.isColoured)) : report.text { Output.line(line) }
    }

    /// What a code may mean.
    ///
    /// - Throws: where nothing is known of it.
    static func codes(named text: String) throws(OperatorError) -> [ErrorCode] {
        let codes = ErrorCatalogue.codes(named: text)
        if !codes.isEmpty { return codes }
        let known = ErrorCatalogue.codes.flatMap { [$0.label, $0.subcode, $0.name] }.filter { !$0.isEmpty }
        let hint = NearestName.of(text, among: known).map { "did you mean \"\($0)\"?" } ?? "`hindcast error-codes` lists those that are."
        throw OperatorError(.negative, "Nothing is known of the error code \"\(text)\"; \(hint)")
    }
}
