import CRdKafka
package import Logging

/// Writes records: idempotent, in order per partition, acknowledged by all in-sync replicas unless the settings say otherwise.
///
/// Synchronous, and owned by one thread. `produce` only queues; what became of each record is reported through `onDelivery`, on the owner's thread, inside `produce`
/// (when the queue is full), `poll`, `flush` or `close`. Without `onDelivery` a failure is kept and thrown by the next `flush`, so that none goes unnoticed.
@safe package final class Producer {
    let client: Client
    private var topics: [String: OpaquePointer] = unsafe [:]
    private let reportsToHandler: Bool
    /// How long `produce` waits for room in the queue.
    private let fullQueueTimeout: Duration

    /// Makes a producer. Does not connect yet.
    ///
    /// - Parameters:
    ///   - fullQueueTimeout: how long `produce` polls for room before it throws `.queueFull`.
    ///   - onDelivery: gets every record's report, on the owner's thread. It must not call the producer.
    ///   - onStatistics: gets librdkafka's statistics as JSON text every `statistics.interval.ms` of the settings.
    /// - Throws: `.invalidArgument` naming the property that is unknown or not acceptable.
    package init(
        _ settings: KafkaSettings, logger: Logger, fullQueueTimeout: Duration = .seconds(30),
        onDelivery: ((DeliveryReport) -> Void)? = nil, onStatistics: ((RawSpan) -> Void)? = nil
    ) throws(KafkaError) {
        let configuration = try ClientConfiguration(settings, defaults: Self.defaultProperties)
        configuration.installDeliveryReports()
        let context = ClientContext(logger: logger)
        context.onDelivery = onDelivery
        context.onStatistics = onStatistics
        reportsToHandler = onDelivery != nil
        self.fullQueueTimeout = fullQueueTimeout
        client = try Client(RD_KAFKA_PRODUCER, configuration, context)
    }

    /// The properties every producer starts from; the settings win over them.
    package static let defaultProperties = [
        "enable.idempotence": "true",
        "acks": "all",
        "linger.ms": "5",
        "compression.codec": "lz4",
    ]

    /// Records reported on since the producer was made.
    package var counts: DeliveryCounts { client.context.deliveries }

    /// Records queued or under way.
    package var pending: Int { client.isUsable ? Int(unsafe rd_kafka_outq_len(client.handle)) : 0 }

    /// The cluster's id; nil when no broker answers in time.
    package func clusterID(timeout: Duration) -> String? { client.clusterID(timeout: timeout) }

    /// Queues a record; see `produce(to:partition:key:value:headers:timestamp:id:)`.
    package func produce(_ record: borrowing ProducerRecord, id: UInt64 = 0) throws(KafkaError) {
        try unsafe produce(
            to: record.topic, partition: record.partition, key: record.key?.span.bytes, value: record.value?.span.bytes, headers: record.headers,
            timestamp: record.timestamp, id: id)
    }

    /// Queues a record; its bytes are copied. When the queue is full, serves delivery reports until there is room.
    ///
    /// - Parameter id: comes back in the record's delivery report.
    /// - Throws: `.queueFull` after `fullQueueTimeout`; `.messageTooLarge`, `.unknownTopic`, `.unknownPartition` and others at once: such a record was not queued and
    ///   gets no report.
    package func produce(
        to topic: String, partition: Int32? = nil, key: RawSpan?, value: RawSpan?, headers: [ProducerHeader] = [], timestamp: Int64? = nil,
        id: UInt64 = 0
    ) throws(KafkaError) {
        guard client.isUsable else { throw KafkaError(.wrongState, "The producer is closed") }
        let handle = unsafe try topicHandle(topic)
        var until: ContinuousClock.Instant?
        while true {
            let outcome = unsafe enqueue(handle, partition, key, value, headers, timestamp, id)
            guard let error = outcome else { return }
            guard error.code == .queueFull else {
                var error = error
                error.message = "Cannot produce to \(topic): \(error.message)"
                throw error
            }
            let end = until ?? ContinuousClock.now + fullQueueTimeout
            until = end
            guard ContinuousClock.now < end else {
                throw KafkaError(.queueFull, "Cannot produce to \(topic): no room in the queue of \(pending) records within \(fullQueueTimeout)")
            }
            poll(timeout: .milliseconds(20))
        }
    }

    /// Serves delivery reports, errors and statistics, waiting at most `timeout` for one. Call it often, also between records.
    package func poll(timeout: Duration = .zero) {
        guard client.isUsable else { return }
        unsafe _ = rd_kafka_poll(client.handle, timeout.timeoutMilliseconds)
    }

    /// The errors, not of any one record, that were raised since this was last called, for example `.allBrokersDown`.
    package func takeErrors() -> [KafkaError] {
        defer { client.context.events = [] }
        return client.context.events.compactMap { if case .error(let error) = $0 { error } else { nil } }
    }

    /// Waits until every record is reported on.
    ///
    /// - Throws: `.timedOut` when some are still pending then; they stay queued. Where there is no `onDelivery`, the first failure since the last flush.
    package func flush(timeout: Duration) throws(KafkaError) {
        guard client.isUsable else { throw KafkaError(.wrongState, "The producer is closed") }
        let end = ContinuousClock.now + timeout
        // librdkafka ends a flush early when a callback yields, so the clock decides.
        while pending > 0, ContinuousClock.now < end {
            unsafe _ = rd_kafka_flush(client.handle, ContinuousClock.now.duration(to: end).timeoutMilliseconds)
        }
        if pending > 0 { throw KafkaError(.timedOut, "\(pending) records were not delivered within \(timeout); they stay queued") }
        try throwKeptFailure()
    }

    /// Drops every record that is queued or under way; each is reported as failed (`.purgedFromQueue`, or `.purgedInFlight` if it may have been stored).
    package func purge() {
        guard client.isUsable else { return }
        unsafe _ = rd_kafka_purge(client.handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        unsafe _ = rd_kafka_poll(client.handle, 0)
    }

    /// Flushes for at most `limit`, drops and reports what is left, and gives everything back.
    ///
    /// - Throws: the first failure where there is no `onDelivery` to report it to; the producer is closed all the same.
    package func close(within limit: Duration = .seconds(10)) throws(KafkaError) -> CloseOutcome {
        guard client.isUsable else { return .closed }
        let end = ContinuousClock.now + limit
        while pending > 0, ContinuousClock.now < end {
            unsafe _ = rd_kafka_flush(client.handle, ContinuousClock.now.duration(to: end).timeoutMilliseconds)
        }
        if pending > 0 {
            purge()
            // What a broker thread holds is reported a moment later.
            unsafe _ = rd_kafka_flush(client.handle, 1000)
        }
        unsafe topics.values.forEach { unsafe rd_kafka_topic_destroy($0) }
        unsafe topics = [:]
        let outcome = client.close(within: max(ContinuousClock.now.duration(to: end), .seconds(2)))
        try throwKeptFailure()
        return outcome
    }

    deinit {
        unsafe topics.values.forEach { unsafe rd_kafka_topic_destroy($0) }
    }

    private func throwKeptFailure() throws(KafkaError) {
        guard let failure = client.context.firstFailure else { return }
        client.context.firstFailure = nil
        if !reportsToHandler { throw failure }
    }

    private func topicHandle(_ name: String) throws(KafkaError) -> OpaquePointer {
        if let known = unsafe topics[name] { return unsafe known }
        guard let made = unsafe rd_kafka_topic_new(client.handle, name, nil) else {
            let code = KafkaError.Code(rd_kafka_last_error())
            throw KafkaError(code, "Cannot produce to \(name): \(code.reason)")
        }
        unsafe topics[name] = made
        return unsafe made
    }
}
