import ArgumentParser
import Diagnostics
import Ingest

/// How `hindcast validate` prints findings.
enum ValidationFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv, sarif
}

extension EnvelopeChoice: ExpressibleByArgument {}
extension ValidationRun.Numbering: ExpressibleByArgument {}

/// `hindcast validate`.
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Judges messages by device templates, without a database or a broker.",
        discussion: """
            What is judged is a capture (see `hindcast ingest --help`), or files of which each is one payload as a device sends it: with an envelope that its \
            body shows, else the device's own message; rules about headers do not apply to it. Every template is in force from the start. The id that a \
            message names chooses among them; devices whose messages name none are judged by --device-template, else by the only template.

            Everything is judged and everything found is shown; --min-severity and --rules-off leave out, and what is left out does not count for the exit \
            status. A record that is wrong is a finding; a line of a capture that is no record ends the run.

            Exit status: 0 nothing at or above --min-severity (default: error); 1 something is; 2 usage, or a file cannot be read.

            Examples:
              hindcast validate --template pump.json message.json
              hindcast validate --template pump.json --template valve.json --capture yesterday.jsonl --format json
              hindcast validate --template pump.json --capture ci.jsonl --format sarif --output findings.sarif
            """)

    @Option(
        help: ArgumentHelp("A device template to judge by: an Interface, an array of them, IoT Central's own; may be repeated.", valueName: "file"))
    var template: [String]

    @Option(help: ArgumentHelp("Where to look for Interfaces that the templates refer to.", valueName: "dir"))
    var models: String?

    @Option(help: ArgumentHelp("The capture to judge.", valueName: "file"))
    var capture: String?

    @Argument(help: ArgumentHelp("Files to judge, each one payload; with --capture, further templates.", valueName: "file"))
    var files: [String] = []

    @Option(help: ArgumentHelp("A CSV of device_id,template_id for devices whose messages name no template.", valueName: "map"))
    var deviceTemplate: String?

    @Option(help: ArgumentHelp("The device that sent the files; default: each file's name without its ending.", valueName: "id"))
    var device: String?

    @Option(help: ArgumentHelp("The tenant of the devices; default: what the messages say.", valueName: "tenant"))
    var tenant: String?

    @Option(help: ArgumentHelp("The wire format, auto for any: \(EnvelopeChoice.names).", valueName: "format"))
    var envelope = EnvelopeChoice.auto

    @Option(help: ArgumentHelp("Show and count only findings of at least this severity. Default: show all, count errors.", valueName: "severity"))
    var minSeverity: FindingsCommand.Severity?

    @Option(help: ArgumentHelp("Rules not to show and not to count, separated by commas; `hindcast rules` lists them.", valueName: "id,…"))
    var rulesOff: String?

    @Option(help: "text, json (one object a line), csv (RFC 4180) or sarif (2.1.0).")
    var format = ValidationFormat.text

    @Option(help: ArgumentHelp("Write there instead of to standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "Also print the digest of everything found, shown or not, on standard error: equal to the log's where the same was found.")
    var digest = false

    @Option(help: "What the digest counts offsets by: line, as `ingest --capture` does, or origin, the records' own, as ingest from Kafka does.")
    var digestOffsets = ValidationRun.Numbering.line

    @Option(help: ArgumentHelp("The number that the digest gives the source.", valueName: "number"))
    var digestSource: Int32 = 1

    func validate() throws {
        if template.isEmpty { throw ValidationError("Name at least one --template FILE to judge by.") }
        if capture == nil, files.isEmpty { throw ValidationError("Name what to judge: --capture FILE, or files of payloads.") }
        if device != nil, capture != nil { throw ValidationError("--device is about files of payloads; the records of a capture name their own.") }
    }

    func run() throws {
        let filter = try filter()
        // `--template a.json b.json --capture c.jsonl`: what is not judged can only be judged by.
        let (templates, payloads) = capture == nil ? (template, files) : (template + files, [])
        var shelf = try TemplateShelf(files: templates, models: models)
        if let deviceTemplate { try shelf.assignDevices(by: deviceTemplate) }
        for remark in shelf.remarks { Output.error(PrintableText.of(remark)) }
        if let output,
            let input = (templates + payloads + [capture, deviceTemplate].compactMap(\.self)).first(where: { FileBytes.isSame($0, as: output) })
        {
            throw OperatorError(.usage, "--output \(output) is the input \(input), which would be lost; name another file.")
        }
        var run = ValidationRun(
            judge: OfflineJudge(shelf: shelf), sink: try FindingSink(format: format, path: output), filter: filter,
            settings: SourceSettings(tenant: tenant ?? "", envelope: envelope), source: digestSource, numbering: digestOffsets)
        do {
            if let capture { try run.capture(capture) }
            for file in payloads { try run.payload(file, device: device ?? Self.name(of: file)) }
        } catch {
            try run.finish(failure: Failure.of(error)?.description ?? "\(error)")
            throw error
        }
        try run.finish()
        let counts = run.counts
        if format == .text || output != nil {
            Output.error("\(counts.records) records judged, \(counts.shown) findings, \(counts.failing) at or above \(filter.verdictSeverity.name)")
        }
        if digest { Output.error("digest \(run.digest.count) \(Self.hex(run.digest.lane0)) \(Self.hex(run.digest.lane1))") }
        if counts.failing > 0 { throw Verdict(status: .negative) }
    }

    // MARK: -

    private func filter() throws(OperatorError) -> ValidationRun.Filter {
        let least = minSeverity.flatMap { asked in Severity.allCases.first { $0.name == asked.rawValue } }
        var off: Set<Rule> = []
        for text in (rulesOff ?? "").split(separator: ",") {
            off.insert(try RulesCommand.rule(named: text.trimmed))
        }
        return ValidationRun.Filter(verdictSeverity: least ?? .error, shownSeverity: least ?? .info, rulesOff: off)
    }

    private static func name(of path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = last.lastIndex(of: "."), dot != last.startIndex else { return last }
        return String(last[..<dot])
    }

    private static func hex(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
