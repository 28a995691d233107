import ArgumentParser
import Diagnostics
import Exports
import JSON
import Logging
import Postgres

/// `hindcast export reconcile`.
struct ExportReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Reads a destination, a Kafka topic or a capture of it, and says event by event what it lacks.",
        discussion: """
            Every event that the export should have sent is looked for by device, time and content. What is missing is stored, and takes the place of what the \
            timeline and receipts say of that time. Events younger than the grace period are not compared. The projections have to have come to the end of what is compared.

            A capture is a file as `hindcast ingest --capture` takes it, of that topic alone; where a line of it is wrong, nothing is kept.

            Exit status: 0 nothing is missing; 1 something is; 2 the capture is none; 3 it cannot be said.

            Examples:
              hindcast export reconcile e-7f3a --tenant app --destination hub --topic exported
              hindcast export reconcile e-7f3a --tenant app --destination hub --topic exported --from 2h --to 1h --format json
              hindcast export reconcile e-7f3a --tenant app --destination hub --capture exported.jsonl
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("The export's id.", valueName: "export"))
    var export: String

    @Option(help: "The tenant that the export belongs to.")
    var tenant: String

    @Option(help: ArgumentHelp("The destination's id.", valueName: "id"))
    var destination: String

    @Option(help: "The topic to read, on the cluster that the settings name.")
    var topic: String?

    @Option(help: ArgumentHelp("Read this capture of the topic instead.", valueName: "file"))
    var capture: String?

    @Option(help: ArgumentHelp("Events from this time on, without it from the log's first; \(TimePoint.expectation).", valueName: "time"))
    var from: TimePoint?

    @Option(help: ArgumentHelp("Events before this time, without it up to the grace period before now; \(TimePoint.expectation).", valueName: "time"))
    var to: TimePoint?

    @Option(help: "text, or json (one object a line).")
    var format = ReportFormat.text

    func validate() throws {
        guard (topic == nil) != (capture == nil) else { throw ValidationError("Expected either --topic TOPIC or --capture FILE, one of the two.") }
    }

    func run() async throws {
        let settings = try options.load()
        let logger = Logger(settings.log)
        let kafka = topic == nil ? nil : try settings.kafka.settings()
        let database = Database(area: settings.postgres, logger: logger)
        let grace = settings.exportSettings.gaps.grace
        let route = ExportRoute(tenant: tenant, exportID: export, destinationID: destination)
        let (topic, capture, now) = (topic, capture, Clock.now)
        let (first, end) = (from?.instant(now: now), to?.instant(now: now))
        let result = try await ExportWork.run("reconcile", logger) { stop in
            var connection = try database.connect(as: .admin)
            var limits = ReconciliationSettings()
            limits.grace = grace
            let reconciler = try Reconciler(route: route, settings: limits, on: &connection)
            let times = try reconciler.times(from: first, to: end, now: now, on: &connection)
            if let topic, let kafka {
                var read = try DestinationTopic(topic: topic, since: reconciler.earliestArrival(times), settings: kafka, stop: stop, logger: logger)
                return try reconciler.run(times, destination: &read, actor: Actor.name, on: &connection)
            }
            var read = DestinationCapture(path: capture ?? "", stop: stop)
            return try reconciler.run(times, destination: &read, actor: Actor.name, on: &connection)
        }
        let report = ReconciliationReport(result: result)
        format.print(text: { _ in report.lines }, json: { [report.json] })
        if result.missing > 0 { throw Verdict(status: .negative) }
    }
}
