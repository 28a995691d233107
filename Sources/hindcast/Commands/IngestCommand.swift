import ArgumentParser
import Diagnostics
import Ingest
import Kafka
import Logging

/// `hindcast ingest`.
struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Reads Kafka topics, or a capture file, into the log.",
        discussion: """
            Every record is kept byte for byte, exactly once, whatever it holds. Several processes share the topics through their consumer group. One \
            that is told to read a --partition which another process takes over ends with 7, and has written nothing since.

            A capture holds one JSON object per line, as `kcat -J` prints them, with payload_base64, key_base64 and headers_base64 where bytes are not \
            text. It becomes a source of its own, named by its content or --name; a second run of the same file appends nothing and says so.

            Examples:
              hindcast ingest --kafka-bootstrap-servers kafka:9092 --ingest-topics telemetry=plant-7,lifecycle
              hindcast ingest --capture yesterday.jsonl --name support-case-12
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var kafka: KafkaOptions

    @Option(help: ArgumentHelp("Append this capture instead of reading Kafka.", valueName: "file"))
    var capture: String?

    @Option(help: "What to name the capture's source; default: the SHA-256 of its content.")
    var name: String?

    @Option(help: ArgumentHelp("The tenant of the capture's devices; default: what its messages say.", valueName: "tenant"))
    var captureTenant: String?

    @Option(
        help: ArgumentHelp(
            "Read this partition and no other, whoever else reads it; may be repeated. Default: what the consumer group deals out.",
            valueName: "topic:number"))
    var partition: [String] = []

    @Flag(help: "End once every partition was read to its end.")
    var exitAtEnd = false

    func validate() throws {
        if capture == nil, name != nil || captureTenant != nil { throw ValidationError("--name and --capture-tenant are about a --capture FILE.") }
    }

    func run() async throws {
        let settings = try options.load(kafka.flags)
        let logger = Logger(settings.log)
        let database = Database(area: settings.postgres, logger: logger)
        if let capture { return try append(capture, settings, database) }

        let kafkaSettings = try settings.kafka.settings()
        var ingestSettings = try settings.ingestSettings()
        ingestSettings.endsAtPartitionEnd = exitAtEnd
        if !partition.isEmpty { ingestSettings.assignment = .fixed(try partitions(among: ingestSettings.topics.keys)) }
        let postgres = try database.settings(for: .ingest)
        try KafkaReachability.check(kafkaSettings, topics: Array(ingestSettings.topics.keys), logger: logger)
        let metrics = try MetricsSetup(settings.metrics, logger: logger)
        let service = IngestService(kafka: kafkaSettings, postgres: postgres, settings: ingestSettings, logger: logger)
        logger.info("Ingesting", metadata: ["kafka.settings": "\(kafkaSettings)", "ingest.topics": "\(ingestSettings.topics.keys.sorted())"])
        try await ServiceRun.run([CancellableService("ingest") { try await service.run() }], logger: logger)
        await metrics.close()
    }

    private func partitions(among topics: some Collection<String>) throws(OperatorError) -> [TopicPartition] {
        var partitions: [TopicPartition] = []
        for text in partition {
            let parts = text.split(separator: ":")
            guard parts.count == 2, let number = Int32(parts[1]), number >= 0 else {
                throw OperatorError(.usage, "--partition \(text) is no TOPIC:NUMBER, such as telemetry:3.")
            }
            guard topics.contains(String(parts[0])) else {
                throw OperatorError(
                    .usage, "--partition \(text) names a topic that ingest.topics does not: it has \(topics.sorted().joined(separator: ", ")).")
            }
            partitions.append(TopicPartition(topic: String(parts[0]), partition: number))
        }
        return partitions
    }

    private func append(_ path: String, _ settings: Settings, _ database: Database) throws {
        let ingest = CaptureIngest(
            settings: SourceSettings(tenant: captureTenant ?? ""), owner: settings.ingest.owner, batchRows: settings.ingest.batchRows)
        let postgres = try database.settings(for: .ingest)
        let result = try ingest.run(path: path, name: name, postgres: postgres, logger: database.logger)
        let there = result.lines - result.appended
        let rest = there == 0 ? "" : result.appended == 0 ? "; all of it was there already" : "; \(there) were there already"
        Output.line("source \(result.source) (\(result.name)): appended \(result.appended) of \(result.lines) records\(rest)")
    }
}
