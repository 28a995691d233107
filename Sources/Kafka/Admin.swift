import CRdKafka
package import Logging

/// Asks a cluster about itself, and makes and deletes topics.
@safe package final class Admin {
    private let client: Client

    /// Makes an admin client. Does not connect yet.
    ///
    /// - Throws: `.invalidArgument` naming the property that is unknown or not acceptable.
    package init(_ settings: KafkaSettings, logger: Logger) throws(KafkaError) {
        client = try Client(RD_KAFKA_PRODUCER, ClientConfiguration(settings, defaults: [:]), ClientContext(logger: logger))
    }

    /// A topic to be made.
    package struct NewTopic: Hashable, Sendable {
        package var name: String
        package var partitions: Int
        /// How many brokers keep a copy; -1 leaves it to the broker.
        package var replication: Int
        /// The topic's own settings, for example `retention.ms`.
        package var configuration: [String: String]

        package init(_ name: String, partitions: Int, replication: Int = -1, configuration: [String: String] = [:]) {
            self.name = name
            self.partitions = partitions
            self.replication = replication
            self.configuration = configuration
        }
    }

    /// What became of one topic.
    package struct TopicResult: Hashable, Sendable {
        package var name: String
        /// Nil when it was done.
        package var error: KafkaError?

        package init(name: String, error: KafkaError? = nil) {
            self.name = name
            self.error = error
        }
    }

    /// Makes topics.
    ///
    /// - Returns: a result for each topic, `.topicAlreadyExists` among them.
    /// - Throws: when the request as a whole failed, for example because no controller answered: librdkafka's mock cluster has none, so use
    ///   `EmbeddedBroker.createTopic` there.
    package func createTopics(_ topics: [NewTopic], timeout: Duration) throws(KafkaError) -> [TopicResult] {
        var list: [OpaquePointer?] = unsafe []
        defer { for index in unsafe list.indices { unsafe rd_kafka_NewTopic_destroy(list[index]) } }
        for topic in topics {
            var made: OpaquePointer?
            let reason = unsafe withErrorBuffer { buffer, size in
                unsafe made = rd_kafka_NewTopic_new(topic.name, Int32(topic.partitions), Int32(topic.replication), buffer, size)
            }
            guard unsafe made != nil else { throw KafkaError(.invalidArgument, "Cannot describe topic \(topic.name): \(reason)") }
            unsafe list.append(made)
            for (key, value) in topic.configuration.sorted(by: { $0.key < $1.key }) {
                try KafkaError.check(unsafe rd_kafka_NewTopic_set_config(made, key, value), "Cannot set \(key) of topic \(topic.name)")
            }
        }
        let count = topics.count
        return unsafe try request("create topics", RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout) { options, queue in
            unsafe list.withUnsafeMutableBufferPointer { unsafe rd_kafka_CreateTopics(client.handle, $0.baseAddress, count, options, queue) }
        } results: { event, size in
            unsafe rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &size)
        }
    }

    /// Deletes topics. librdkafka before 2.6.1 hangs when a consumer that has read one of them is closed; see `Consumer.close`.
    package func deleteTopics(_ names: [String], timeout: Duration) throws(KafkaError) -> [TopicResult] {
        var list: [OpaquePointer?] = unsafe names.map { unsafe rd_kafka_DeleteTopic_new($0) }
        defer { for index in unsafe list.indices { unsafe rd_kafka_DeleteTopic_destroy(list[index]) } }
        return unsafe try request("delete topics", RD_KAFKA_ADMIN_OP_DELETETOPICS, timeout) { options, queue in
            unsafe list.withUnsafeMutableBufferPointer { unsafe rd_kafka_DeleteTopics(client.handle, $0.baseAddress, $0.count, options, queue) }
        } results: { event, size in
            unsafe rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &size)
        }
    }

    /// Every topic of the cluster.
    package func topics(timeout: Duration) throws(KafkaError) -> [TopicMetadata] { try client.metadata(topic: nil, timeout: timeout) }

    /// One topic, for example to learn how many partitions it has. A broker that makes topics by itself may make it.
    ///
    /// - Throws: `.unknownTopicOrPartition` where it does not exist.
    package func topic(_ name: String, timeout: Duration) throws(KafkaError) -> TopicMetadata? {
        try client.metadata(topic: name, timeout: timeout).first
    }

    /// The cluster's id; nil when no broker answers in time.
    package func clusterID(timeout: Duration) -> String? { client.clusterID(timeout: timeout) }

    /// Gives everything back.
    package func close(within limit: Duration = .seconds(5)) -> CloseOutcome { client.close(within: limit) }

    private func request(
        _ what: String, _ operation: rd_kafka_admin_op_t, _ timeout: Duration, send: (OpaquePointer?, OpaquePointer?) -> Void,
        results: (OpaquePointer?, inout Int) -> UnsafeMutablePointer<OpaquePointer?>?
    ) throws(KafkaError) -> [TopicResult] {
        guard client.isUsable else { throw KafkaError(.wrongState, "The admin client is closed") }
        let queue = unsafe rd_kafka_queue_new(client.handle)
        defer { unsafe rd_kafka_queue_destroy(queue) }
        let options = unsafe rd_kafka_AdminOptions_new(client.handle, operation)
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        let limit = max(timeout.timeoutMilliseconds, 1)
        unsafe _ = rd_kafka_AdminOptions_set_request_timeout(options, limit, nil, 0)
        unsafe send(options, queue)
        // The client library answers every request, a timeout included; the margin is for its own timer.
        guard let event = unsafe rd_kafka_queue_poll(queue, limit + 2000) else { throw KafkaError(.timedOut, "Cannot \(what): no answer") }
        defer { unsafe rd_kafka_event_destroy(event) }
        let code = unsafe rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let reason = unsafe rd_kafka_event_error_string(event).map { unsafe String(cString: $0) } ?? ""
            throw KafkaError(KafkaError.Code(code), "Cannot \(what): \(reason)")
        }
        var count = 0
        guard let answers = unsafe results(event, &count) else { return [] }
        return (0..<count).map { index in
            let name = unsafe String(cString: rd_kafka_topic_result_name(answers[index]))
            let code = unsafe rd_kafka_topic_result_error(answers[index])
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return TopicResult(name: name) }
            let reason = unsafe rd_kafka_topic_result_error_string(answers[index]).map { unsafe String(cString: $0) } ?? ""
            return TopicResult(name: name, error: KafkaError(KafkaError.Code(code), "Cannot \(what): \(name): \(reason)"))
        }
    }
}
