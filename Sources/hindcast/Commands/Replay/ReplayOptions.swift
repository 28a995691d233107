import ArgumentParser
import Diagnostics
import JSON
import Logging
import Postgres
import Projections
import Replay

/// Which run.
struct ReplayArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The run's number, as `hindcast replay list` shows it.", valueName: "id"))
    var run: Int32
}

/// What to try, on what.
struct ReplayPlanOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The template to try: a file, or a published version.", valueName: "file|id@version"))
    var template: String

    @Option(help: ArgumentHelp("Have it in force from this time on, RFC 3339; without it, from the beginning.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Look at the stretch up to this time only, RFC 3339. Such a run cannot be promoted.", valueName: "time"))
    var to: String?

    @Option(
        help: ArgumentHelp(
            "Try it on the past of these devices only: a pattern with * and ?, or a file with one pattern a line.", valueName: "glob|file"))
    var devices: String?

    @Flag(help: "Read every event, also of devices that the change cannot touch.")
    var full = false

    @Flag(help: "Have a run promotable though retention has taken a part of the past.")
    var acceptLoss = false

    @Option(help: ArgumentHelp("About how many events a chunk has.", valueName: "n"))
    var chunkEvents = 20_000

    /// The request that the options make.
    func request(_ purpose: ReplayRun.Purpose) throws -> ReplayRequest {
        var request = ReplayRequest(purpose, template: try Self.template(template), actor: Actor.name)
        request.fromTime = try from.map { try Self.time($0, "--from") }
        request.toTime = try to.map { try Self.time($0, "--to") }
        request.devices = try devices.map(Self.patterns) ?? []
        request.isFull = full
        request.acceptsLoss = acceptLoss
        request.chunkEvents = chunkEvents
        return request
    }

    /// A file's template; what is no file is a version.
    static func template(_ text: String) throws -> ReplayRequest.Template {
        switch FileBytes.read(text) {
        case .success(let bytes): return .document(bytes)
        case .failure(let failure):
            guard failure.isAbsent, let name = TemplateName(argument: text), let version = name.version else {
                throw OperatorError(
                    .usage,
                    "--template \(PrintableText.of(text)): \(failure.reason); expected a file, or ID@VERSION as `hindcast template list` shows them.")
            }
            return .version(templateID: name.templateID, reference: version)
        }
    }

    static func time(_ text: String, _ option: String) throws -> Timestamp {
        let bytes = Array(text.utf8)
        guard let time = Timestamp(rfc3339: bytes.rawBytes) else {
            throw OperatorError(.usage, "\(option) \(PrintableText.of(text)): expected a time such as 2026-11-23T12:00:00Z.")
        }
        return time
    }

    /// A file's lines; what is no file is one pattern.
    static func patterns(_ text: String) throws -> [String] {
        guard case .success(let bytes) = FileBytes.read(text) else { return [text] }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        guard !lines.isEmpty else { throw OperatorError(.usage, "\(PrintableText.of(text)) holds no device, expected a pattern a line.") }
        return lines
    }
}

/// How a run is worked on.
struct ReplayWorkOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many threads work on it, each with a connection of its own.", valueName: "n"))
    var workers = 1

    @Option(help: ArgumentHelp("The part of its time that each works, so that ingest and projections keep theirs: 1 to 100.", valueName: "p%"))
    var share: ReplayPercent = ReplayPercent(value: 100)

    func validate() throws {
        if workers < 1 { throw ValidationError("--workers \(workers): expected 1 or more.") }
        if share.value < 1 || share.value > 100 { throw ValidationError("--share \(share.value)%: expected 1% to 100%.") }
    }

    /// Works on a run until it needs no more workers, and shows how far it is.
    func carryOut(_ run: Int32, _ settings: Settings, logger: Logger) async throws -> ReplayRun {
        let database = Database(area: settings.postgres, logger: logger)
        var replay = ReplaySettings()
        replay.share = share.value / 100
        let crew = ReplayCrew(
            run: run, postgres: try database.settings(for: .admin), projecting: try database.settings(for: .project),
            projection: settings.projectionSettings, settings: replay, workers: workers, logger: logger)
        var meter = ReplayMeter()
        let ended = try await crew.work { run, progress in meter.show(run, progress) }
        meter.end()
        return ended
    }
}

/// A number with or without a % behind it.
struct ReplayPercent: ExpressibleByArgument, Equatable {
    let value: Double

    init(value: Double) { self.value = value }

    init?(argument: String) {
        guard let value = Double(argument.hasSuffix("%") ? String(argument.dropLast()) : argument) else { return nil }
        self.init(value: value)
    }

    var defaultValueDescription: String { "\(Int(value))%" }
}

/// How many new errors are accepted: `10`, or `0.5%` of the events that were judged.
struct ReplayBudget: ExpressibleByArgument, Equatable {
    let budget: ErrorBudget

    init?(argument: String) {
        if argument.hasSuffix("%") {
            guard let percent = Double(argument.dropLast()), (0...100).contains(percent) else { return nil }
            budget = .percent(percent)
        } else {
            guard let count = Int64(argument), count >= 0 else { return nil }
            budget = .count(count)
        }
    }
}
