import EventLog
import Exports
import Ingest
import Logging
import Postgres
import Projections

/// Everything on one machine: a private Postgres, migrated; the embedded broker; ingest and projections in this process.
final class EmbeddedStack: Sendable {
    /// The settings with this stack's own connections.
    let settings: Settings
    let postgres: PrivatePostgres
    private let logger: Logger
    private let broker: BrokerSupervisor

    /// Starts Postgres in a directory and brings its schema up to date. The broker comes with ``services()``.
    static func start(
        in directory: String, settings: Settings, topics: [String], partitions: Int, logger: Logger
    ) async throws -> EmbeddedStack {
        let postgres = try await PrivatePostgres.start(in: directory, logger: logger)
        do {
            var settings = settings
            settings.postgres.url = postgres.conninfo
            let database = Database(area: settings.postgres, logger: logger)
            var connection = try database.connect()
            for step in try database.migrator().migrate(&connection) {
                logger.info("Applied a migration", metadata: ["migration.name": "\(step.name)"])
            }
            let broker = BrokerSupervisor(topics: topics.map { "\($0):\(partitions)" }, logger: logger)
            return EmbeddedStack(settings: settings, postgres: postgres, broker: broker, logger: logger)
        } catch {
            await postgres.stop()
            throw error
        }
    }

    private init(settings: Settings, postgres: PrivatePostgres, broker: BrokerSupervisor, logger: Logger) {
        self.settings = settings
        self.postgres = postgres
        self.broker = broker
        self.logger = logger
    }

    /// The database, for commands of this process.
    var database: Database { Database(area: settings.postgres, logger: logger) }

    /// What has to run for the stack to work; `onBroker` hears of every broker's address, the first and those that replace it.
    func services(onBroker: @escaping @Sendable (String) -> Void) throws -> [CancellableService] {
        let ingestPostgres = try database.settings(for: .ingest)
        let projectPostgres = try database.settings(for: .project)
        let projection = ProjectionService(postgres: projectPostgres, settings: settings.projectionSettings, logger: logger)
        let gaps = GapService(postgres: projectPostgres, settings: settings.exportSettings, logger: logger)
        let (settings, logger, postgres, broker) = (settings, logger, postgres, broker)
        return [
            CancellableService("postgres") {
                let end = await postgres.ended()
                guard Task.isCancelled else { throw OperatorError(.database, "Postgres \(end?.description ?? "ended") while it was needed.") }
            },
            CancellableService("project") { try await projection.run() },
            CancellableService("gaps") { await gaps.run() },
            CancellableService("ingest") {
                try await broker.run { bootstrapServers, life in
                    // Nobody will read on in the sources of a broker that is gone; left open, they would be blamed for ever.
                    try Self.endEarlierSources(than: life, ingestPostgres, logger: logger)
                    onBroker(bootstrapServers)
                    var kafka = settings.kafka
                    kafka.bootstrapServers = bootstrapServers
                    // The broker answers at once, so waiting long for more would only make events late.
                    kafka.properties["fetch.wait.max.ms"] = kafka.properties["fetch.wait.max.ms"] ?? "20"
                    var ingest = try settings.ingestSettings()
                    ingest.cluster = life
                    try await IngestService(kafka: try kafka.settings(), postgres: ingestPostgres, settings: ingest, logger: logger).run()
                }
            },
        ]
    }

    private static func endEarlierSources(than life: String, _ postgres: PostgresSettings, logger: Logger) throws(PostgresError) {
        var connection = try Connection(postgres, logger: logger)
        try LogSources.endEmbedded(butOf: life, on: &connection)
    }

    /// Stops Postgres; to be called after the services have ended.
    func stop() async {
        await broker.stop()
        await postgres.stop()
    }
}
