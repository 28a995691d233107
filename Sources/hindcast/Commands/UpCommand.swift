import ArgumentParser
import Diagnostics
import Exports
import Ingest
import Logging
import Projections

/// `hindcast up`.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Runs ingest and projections in one process; with --embedded also the database and the broker.",
        discussion: """
            With --embedded, a Postgres cluster under DIR is made on first use, kept between runs, and reachable only by who may enter its socket's \
            directory. The broker listens on 127.0.0.1 and keeps nothing over a restart, so each start is a new cluster with new sources; what was read \
            from it is in the log. The topics are those of ingest.topics, or one named telemetry.

            Without --embedded, the settings say which cluster and which database; the database has to be migrated.

            Examples:
              hindcast up --embedded /var/tmp/hindcast
              hindcast up --kafka-bootstrap-servers kafka:9092 --ingest-topics telemetry
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var kafka: KafkaOptions

    @Option(help: ArgumentHelp("Also run a private Postgres, kept in this directory, and the embedded broker.", valueName: "dir"))
    var embedded: String?

    @Option(help: ArgumentHelp("How many partitions a topic of the embedded broker has; each keeps 5 MiB.", valueName: "count"))
    var partitions = 16

    func validate() throws {
        if !(1...1024).contains(partitions) { throw ValidationError("--partitions \(partitions): expected 1 to 1024.") }
    }

    func run() async throws {
        let settings = try options.load(kafka.flags)
        let logger = Logger(settings.log)
        if let embedded {
            try await runEmbedded(embedded, settings, logger)
        } else {
            try await run(settings, logger)
        }
    }

    private func run(_ settings: Settings, _ logger: Logger) async throws {
        let kafkaSettings = try settings.kafka.settings()
        let ingestSettings = try settings.ingestSettings()
        let database = Database(area: settings.postgres, logger: logger)
        let ingestPostgres = try database.settings(for: .ingest)
        let projectPostgres = try database.settings(for: .project)
        try KafkaReachability.check(kafkaSettings, topics: Array(ingestSettings.topics.keys), logger: logger)
        let metrics = try MetricsSetup(settings.metrics, logger: logger)
        let ingest = IngestService(kafka: kafkaSettings, postgres: ingestPostgres, settings: ingestSettings, logger: logger)
        let project = ProjectionService(postgres: projectPostgres, settings: settings.projectionSettings, logger: logger)
        let gaps = GapService(postgres: projectPostgres, settings: settings.exportSettings, logger: logger)
        logger.info("Up", metadata: ["kafka.settings": "\(kafkaSettings)", "postgres.settings": "\(ingestPostgres)"])
        try await ServiceRun.run(
            [
                CancellableService("project") { try await project.run() }, CancellableService("gaps") { await gaps.run() },
                CancellableService("ingest") { try await ingest.run() },
            ], logger: logger)
        await metrics.close()
    }

    private func runEmbedded(_ directory: String, _ settings: Settings, _ logger: Logger) async throws {
        var settings = settings
        if settings.ingest.topics.isEmpty { settings.ingest.topics = ["telemetry": SourceSettings()] }
        let metrics = try MetricsSetup(settings.metrics, logger: logger)
        let topics = settings.ingest.topics.keys.sorted()
        let stack = try await EmbeddedStack.start(in: directory, settings: settings, topics: topics, partitions: partitions, logger: logger)
        do {
            Output.line("postgres: psql \"\(stack.postgres.conninfo)\"")
            let services = try stack.services { bootstrapServers in
                Output.line("kafka: bootstrap.servers=\(bootstrapServers) topics=\(topics.joined(separator: ","))")
            }
            try await ServiceRun.run(services, logger: logger)
        } catch {
            await stack.stop()
            throw error
        }
        await stack.stop()
        await metrics.close()
    }
}
