import Diagnostics
import EventLog
import Kafka
import Logging
import Postgres

/// The hot loop: poll, decode the index, gather, append. Synchronous, on one thread that owns consumer and connection.
final class IngestLoop {
    let settings: IngestSettings
    let logger: Logger
    let consumer: Consumer
    var connection: Connection
    let appender: LogAppender
    let metrics = IngestMetrics()
    let reader = LogReader()

    var writers: [TopicPartition: SourceWriter] = [:]
    /// Partitions that are assigned to us and must not be written: another life, other bytes, or fenced off.
    var stopped: [TopicPartition: IngestError] = [:]
    var devices = DeviceDictionary()
    var segments = LogSegments()
    var cluster = ""
    /// Whether the database is away: then nothing is fetched, and polling goes on, so that the group keeps its member.
    var outage: Outage?
    /// Partitions that were assigned while the database was away, to be taken when it is back.
    var pendingPartitions: [TopicPartition] = []

    private var messages = MessageBatch(capacity: 2000)
    var decoder = EventDecoder()
    var event = DecodedEvent()
    var headers: [UInt8] = []
    var polls: UInt64 = 0
    var lastWriter: (topic: Int, partition: Int32, writer: SourceWriter)?
    var heldBytes = 0
    var needsSignal = false
    var lastSignal = ContinuousClock.now

    init(
        kafka: KafkaSettings, postgres: PostgresSettings, settings: IngestSettings, appender: LogAppender, logger: Logger
    ) throws(IngestError) {
        self.settings = settings
        self.logger = logger
        self.appender = appender
        var postgres = postgres
        // A writer whose machine is gone may hold a cursor's lock for as long as the server believes in it: waiting must not keep us from polling.
        postgres.lockTimeout = postgres.lockTimeout ?? .seconds(2)
        do throws(PostgresError) {
            connection = try Connection(postgres, logger: logger)
        } catch {
            throw IngestError(error)
        }
        var groupID: String?
        if case .group(let id) = settings.assignment { groupID = id }
        do throws(KafkaError) {
            var kafka = kafka
            kafka.properties["statistics.interval.ms"] = kafka.properties["statistics.interval.ms"] ?? "5000"
            var statistics = ConsumerStatistics()
            consumer = try Consumer(kafka, groupID: groupID, logger: logger) { statistics.record($0) }
            if let name = settings.cluster {
                cluster = name
            } else if let id = consumer.clusterID(timeout: .seconds(10)) {
                cluster = id
            } else {
                throw KafkaError(
                    .timedOut, "No broker of \(kafka.bootstrapServers) answered within 10 s. Check kafka.bootstrap-servers and that it runs.")
            }
        } catch {
            throw IngestError(error)
        }
    }

    /// Begins to read: joins the group, or takes the fixed partitions.
    func start() throws(IngestError) {
        switch settings.assignment {
        case .group:
            try IngestError.wrapping { () throws(KafkaError) in try consumer.subscribe(settings.topics.keys.sorted()) }
        case .fixed(let partitions):
            try take(partitions) { (starts) throws(KafkaError) in try consumer.assign(starts) }
        }
    }

    /// One turn: what was polled is gathered, what is due is appended.
    func step() throws(IngestError) {
        if outage != nil { try tryToReturn() }
        polls += 1
        let event = consumer.poll(into: &messages, timeout: pollTimeout)
        for index in 0..<messages.count {
            try gather(messages[index])
            if heldBytes > settings.memoryBytes { try appendLargest() }
        }
        messages.removeAll()
        if let event { try handle(event) }
        try appendDue()
        signal()
        try endIfNothingIsLeft()
    }

    /// Whether every partition of ours was read to its end and is in the log.
    var isAtEnd: Bool { !writers.isEmpty && outage == nil && writers.values.allSatisfy(\.isAtEnd) }

    /// Fails where a partition of ours was not read to its end because its source was stopped.
    func checkNoneIsStopped() throws(IngestError) {
        if let first = stopped.min(by: { $0.key < $1.key }) { throw first.value }
    }

    /// Appends what is gathered, says so to Kafka, and gives the sources up.
    func finish() {
        do throws(IngestError) {
            for writer in writers.values where writer.batch.count > 0 && outage == nil { try append(writer) }
        } catch {
            logger.warning("Failed to append the last records; they will be read again", metadata: [LogKey.error: "\(error)"])
        }
        for writer in writers.values where outage == nil { release(writer) }
        writers.removeAll()
        messages.removeAll()
        if consumer.close(within: .seconds(10)) == .timedOut {
            logger.warning("The consumer did not close within 10 s and is abandoned")
        }
    }

    private func endIfNothingIsLeft() throws(IngestError) {
        let reasons = stopped.sorted { $0.key < $1.key }.map(\.value)
        switch settings.assignment {
        case .fixed:
            // Told to own what another owns: nothing will change that but an operator.
            if let fenced = reasons.first(where: { $0.code == .fenced }) { throw fenced }
            if writers.isEmpty, let first = reasons.first { throw first }
        case .group:
            // A fenced partition comes back with the next assignment, here or elsewhere.
            if writers.isEmpty, let first = reasons.first(where: { $0.code != .fenced }) { throw first }
        }
    }
}
