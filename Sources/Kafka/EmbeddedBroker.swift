import CRdKafka
package import Logging

/// A Kafka broker inside this process: librdkafka's mock cluster, for demonstrations and tests.
///
/// It listens on 127.0.0.1 and an ephemeral port, and speaks enough of the protocol for producing, consuming, groups and committed offsets. What it does not do:
/// - It keeps 5 MiB as sent (so compress) or 100,000 batches a partition and then drops the oldest without a word: use many partitions. A consumer with
///   `auto.offset.reset=error`, as `Consumer` is, is told of the offset that is gone.
/// - Everything is gone when the process ends, and another start is another cluster.
/// - A failed assertion inside it ends the process, for example when members of one group propose different assignors. So where it serves others it lives in a
///   process of its own.
/// - No topic is created or deleted over the wire, no offset is found by time, a `read_committed` reader sees aborted records, and nothing is encrypted or asks for a
///   password. A topic that is asked for and does not exist is made with 4 partitions.
/// - Its cluster id is made of an address in memory: two starts can have the same one.
@safe package final class EmbeddedBroker {
    private let client: Client
    private var cluster: OpaquePointer?
    /// `host:port` of each broker, comma-separated.
    package let bootstrapServers: String

    /// Starts the cluster; it takes connections when this returns.
    package init(topics: [(name: String, partitions: Int)], brokers: Int = 1, logger: Logger? = nil) throws(KafkaError) {
        let quiet = logger ?? Logger(label: "kafka.embedded-broker", factory: { _ in SwiftLogNoOpLogHandler() })
        // The host of a mock cluster connects nowhere; it needs a configuration like any other client.
        let settings = KafkaSettings(bootstrapServers: "", properties: [:])
        client = try Client(
            RD_KAFKA_PRODUCER, ClientConfiguration(settings, defaults: ["client.id": "embedded-broker"]), ClientContext(logger: quiet))
        guard let cluster = unsafe rd_kafka_mock_cluster_new(client.handle, Int32(brokers)) else {
            throw KafkaError(.invalidArgument, "Cannot start an embedded broker: no socket on 127.0.0.1 can be opened")
        }
        unsafe self.cluster = cluster
        unsafe bootstrapServers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        for topic in topics { try createTopic(topic.name, partitions: topic.partitions) }
    }

    /// Makes a topic, with one copy of everything.
    ///
    /// - Throws: `.topicAlreadyExists` where it is there.
    package func createTopic(_ name: String, partitions: Int) throws(KafkaError) {
        let code = unsafe rd_kafka_mock_topic_create(cluster, name, Int32(partitions), 1)
        try KafkaError.check(code, "Cannot make topic \(name) in the embedded broker")
    }

    /// Stops the brokers and closes their sockets.
    package func close() {
        guard let cluster = unsafe cluster else { return }
        unsafe self.cluster = nil
        unsafe rd_kafka_mock_cluster_destroy(cluster)
        _ = client.close(within: .seconds(5))
    }

    deinit { close() }
}

// MARK: - Faults, for tests

extension EmbeddedBroker {
    /// Kafka's numbers of the requests that faults are asked of.
    package enum Request: Int16, Sendable {
        case produce = 0, fetch = 1, listOffsets = 2, metadata = 3, offsetCommit = 8, offsetFetch = 9, joinGroup = 11, heartbeat = 12
        case initProducerID = 22
    }

    /// The next requests of this kind are answered with these errors, one each; `.transport` closes the connection instead.
    package func fail(next request: Request, with codes: [KafkaError.Code]) {
        var list = codes.map(\.response)
        unsafe list.withUnsafeMutableBufferPointer {
            unsafe rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, $0.count, $0.baseAddress)
        }
    }

    /// Takes a broker (numbered from 1) off the network.
    package func setDown(broker: Int32) { unsafe _ = rd_kafka_mock_broker_set_down(cluster, broker) }

    /// Brings it back.
    package func setUp(broker: Int32) { unsafe _ = rd_kafka_mock_broker_set_up(cluster, broker) }

    /// Makes everything a broker answers late by so much.
    package func setRoundTrip(broker: Int32, _ delay: Duration) {
        unsafe _ = rd_kafka_mock_broker_set_rtt(cluster, broker, delay.timeoutMilliseconds)
    }
}
