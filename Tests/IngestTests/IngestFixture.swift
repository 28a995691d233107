import Diagnostics
import EventLog
import Ingest
import Kafka
import LogSupport
import Logging
import Postgres
import TestSupport

/// A broker, a topic and a database for one test of ingest.
final class IngestFixture {
    let broker: TestBroker
    let topic: String
    let partitions: Int32

    init(_ kind: BrokerKind = .embedded, partitions: Int32 = 1) throws(KafkaError) {
        broker = try TestBroker(kind)
        topic = try broker.makeTopic(partitions: Int(partitions))
        self.partitions = partitions
    }

    var all: [TopicPartition] { (0..<partitions).map { TopicPartition(topic: topic, partition: $0) } }

    /// Sends records and waits until the broker has them.
    func produce(_ records: [SampleRecord], partition: Int32 = 0) throws(KafkaError) {
        let producer = try Producer(broker.settings, logger: TestBroker.quiet)
        for record in records {
            let headers = record.headers.map { ProducerHeader($0.0, $0.1) }
            try producer.produce(
                ProducerRecord(
                    topic: topic, partition: partition, key: record.key, value: record.payload, headers: headers,
                    timestamp: record.brokerTime.map { $0.microseconds / 1000 }))
        }
        try producer.flush(timeout: .patience)
        _ = try producer.close(within: .patience)
    }

    /// Settings that read the fixed partitions to their end and stop.
    func settings(cluster: String = "test", owner: String = "test") -> IngestSettings {
        var settings = IngestSettings(topics: [topic: SourceSettings()], assignment: .fixed(all), owner: owner)
        settings.cluster = cluster
        settings.endsAtPartitionEnd = true
        return settings
    }

    /// A service over the test's database, as the ingest role.
    func service(_ settings: IngestSettings, appender: LogAppender = LogAppender()) -> IngestService {
        IngestService(
            kafka: broker.settings, postgres: TestDatabase.current.settings.with(role: "hindcast_ingest"), settings: settings, appender: appender,
            logger: TestBroker.quiet)
    }

    /// The events of the only source of a partition.
    func events(partition: Int32 = 0) throws(PostgresError) -> [ReadEvent] {
        var connection = try TestDatabase.connect()
        guard let source = try LogSources.all(on: &connection).last(where: { $0.partition == partition }) else { return [] }
        return try ReadEvent.all(of: source.sourceID, on: &connection)
    }

    func sources() throws(PostgresError) -> [LogSource] {
        var connection = try TestDatabase.connect()
        return try LogSources.all(on: &connection)
    }
}
