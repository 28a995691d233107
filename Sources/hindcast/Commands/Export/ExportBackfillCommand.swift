import ArgumentParser
import Diagnostics
import Exports
import Foundation
import JSON
import Kafka
import Logging
import Postgres
import Threading

/// `hindcast export backfill`.
struct ExportBackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Sends what an export did not deliver, out of the log.",
        discussion: """
            Names a gap, or an export, a destination and a stretch of time. Where a comparison (`export reconcile`) covers it, only what that found missing is \
            sent; else everything that should have been. Messages have the export's own format and an id that is always the same for the same event, so \
            whoever gets one twice can tell. Whoever is killed or interrupted has lost nothing: the same command goes on from there.

            What an HTTP endpoint is told of who asks is best put into --authorization-file: a command line can be read by every user of the machine.

            Exit status: 0 everything is sent; 3 interrupted, or the target refuses; 7 another process works on it.

            Examples:
              hindcast export backfill 3f2a9c01d4e5b677 --into kafka://exported --dry-run
              hindcast export backfill 3f2a9c01d4e5b677 --into kafka://exported --rate 500
              hindcast export backfill --export e-7f3a --tenant app --destination store --from 3h --to 2h --into file:/srv/backfill --compress
              hindcast export backfill 3f2a9c01d4e5b677 --into https://hooks.example.com/telemetry --authorization-file /etc/hindcast/webhook-token
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("The gap's id, as `hindcast export gaps` shows it.", valueName: "gap"))
    var gap: String?

    @Option(help: ArgumentHelp("Without a gap: the export's id.", valueName: "id"))
    var export: String?

    @Option(help: "Without a gap: the tenant that the export belongs to.")
    var tenant: String?

    @Option(help: ArgumentHelp("Without a gap: the destination's id.", valueName: "id"))
    var destination: String?

    @Option(help: ArgumentHelp("Without a gap: events from this time on; \(TimePoint.expectation).", valueName: "time"))
    var from: TimePoint?

    @Option(help: ArgumentHelp("Without a gap: events before this time; \(TimePoint.expectation).", valueName: "time"))
    var to: TimePoint?

    @Option(
        help: ArgumentHelp(
            "Only these devices: an id with * and ? as wildcards, or a file with one a line; may be repeated.", valueName: "glob|file"))
    var devices: [String] = []

    @Option(help: ArgumentHelp("Where to: kafka://TOPIC, file:DIR or https://HOST/PATH.", valueName: "target"))
    var into: String

    @Option(
        help: ArgumentHelp(
            "For an HTTP endpoint: a file whose only line is the value of header Authorization, such as \"Bearer …\".", valueName: "file"))
    var authorizationFile: String?

    @Flag(help: "Compress files with gzip.")
    var compress = false

    @Option(help: ArgumentHelp("The most messages a second.", valueName: "messages"))
    var rate: Double?

    @Flag(help: "Say what would be sent, and send nothing.")
    var dryRun = false

    @Flag(help: "Begin again where this was sent to its end before.")
    var again = false

    @Flag(help: "Put another process that works on it aside at once.")
    var takeOver = false

    func validate() throws {
        if let rate, !(rate >= 0.1 && rate <= 10_000_000) { throw ValidationError("--rate \(rate): expected 0.1 to 10000000 messages a second.") }
        _ = try stretch(now: Clock.now)
    }

    func run() async throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        let target = try BackfillTarget(into, isCompressed: compress, from: FileManager.default.currentDirectoryPath)
        let authorization = try authorization(for: target)
        if case .file(let directory, _) = target { try FileDelivery.check(directory: directory) }
        let devices = try DevicePatterns.read(devices)
        guard devices.allSatisfy({ !$0.isEmpty && !$0.utf8.contains(0) }) else {
            throw OperatorError(
                .usage, "--devices names nothing, or holds a NUL, expected ids or patterns such as \"pump-*\", or a file that is there.")
        }
        let request = BackfillRequest(
            try stretch(now: Clock.now), devices: devices, target: target, actor: Actor.name, isAgain: again,
            takesOver: takeOver)
        let database = Database(area: settings.postgres, logger: logger)
        if dryRun {
            let forecast = try await ExportWork.run("backfill", logger) { stop in
                var connection = try database.connect(as: .admin)
                try DevicePatterns.check(request.devices, on: &connection)
                let plan = try BackfillPlan.make(request.stretch, now: Clock.now, on: &connection)
                return try BackfillForecast.make(plan, devices: request.devices, isGoingOn: { !stop.isRequested }, on: &connection)
            }
            Output.line(
                "would send \(forecast.messages) messages (\(forecast.bytes) bytes) of \(forecast.events) events of \(forecast.devices) devices into \(request.target.text)"
            )
            return
        }
        let kafka: KafkaSettings? = if case .kafka = request.target { try settings.kafka.settings() } else { nil }
        let sent = try await ExportWork.run("backfill", logger) { stop in
            try BackfillRun(
                request: request, database: database, kafka: kafka, rate: rate, authorization: authorization, logger: logger
            ).carryOut(until: stop)
        }
        Output.line(sent.text)
    }

    /// The value of header `Authorization`; nil where there is none. Refuses what would give it, or a password in the address, away.
    private func authorization(for target: BackfillTarget) throws -> String? {
        guard case .webhook(let address) = target else {
            if authorizationFile == nil { return nil }
            throw OperatorError(.usage, "--authorization-file is about a target https://HOST/PATH, and the target is \(target.text).")
        }
        try WebhookDelivery.check(address, hasAuthorization: authorizationFile != nil)
        return try authorizationFile.map { path throws(OperatorError) in try AuthorizationFile.read(path) }
    }

    private func stretch(now: Timestamp) throws -> BackfillRequest.Stretch {
        let names = [export, tenant, destination]
        switch (gap, from, to) {
        case (let gap?, nil, nil) where names.allSatisfy({ $0 == nil }): return .gap(gap)
        case (nil, let from?, let to?):
            guard let export, let tenant, let destination else { break }
            let (start, end) = (from.instant(now: now), to.instant(now: now))
            guard start < end else {
                throw ValidationError("From \(start.rfc3339) to \(end.rfc3339) is no stretch of time, expected --to after --from.")
            }
            return .times(ExportRoute(tenant: tenant, exportID: export, destinationID: destination), start..<end)
        default: break
        }
        throw ValidationError("Expected either a gap's id, or all of --export, --tenant, --destination, --from and --to.")
    }
}
