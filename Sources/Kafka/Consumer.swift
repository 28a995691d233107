import CRdKafka
package import Logging

/// Reads partitions of a Kafka cluster, alone or as a member of a group.
///
/// Synchronous, and owned by one thread: make it, use it and close it there. Where reading starts is always said by the caller; offsets committed to Kafka are a hint
/// for people and tools, never read by this type.
///
/// **Groups.** After `subscribe`, `poll` returns `.event(.rebalance(…))` on the owner's thread whenever the group gives or takes partitions. Nothing more is read until
/// the owner has answered with `complete(_:startingAt:)`: it looks up its positions first, for as long as it likes within `max.poll.interval.ms`, and no other member
/// gets a revoked partition before the answer. An unanswered rebalance is returned again by every poll.
///
/// **Outages.** To stay in the group while records cannot be stored, call `hold()`: the client drops what it prefetched and fetches nothing, and goes on to be a
/// member as long as `poll` is called. `release(startingAt:)` reads on from the positions that the owner names, so nothing is lost or read twice. Pausing partitions
/// would do the same, but librdkafka before 2.1 can skip offsets after it.
///
/// **Memory** is bounded whatever the backlog; see `defaultProperties`.
@safe package final class Consumer {
    let client: Client
    var topics = TopicTable()
    var positions = Positions()
    /// The partitions being read, by the start they were last given.
    var fetching: [TopicPartition: StartPosition] = [:]
    /// The rebalance that poll returned and that waits for its answer.
    var unanswered: Rebalance?
    /// Whether `hold` was called and `release` was not since.
    package private(set) var isHeld = false

    /// Makes a consumer. Does not connect yet: brokers that cannot be reached show as events of `poll`.
    ///
    /// - Parameters:
    ///   - groupID: the consumer group, needed for `subscribe` and `commit`; nil to read partitions alone, where the settings name none either.
    ///   - onStatistics: gets librdkafka's statistics as JSON text, on the polling thread, every `statistics.interval.ms` of the settings.
    /// - Throws: `.invalidArgument` naming the property that is unknown or not acceptable.
    package init(
        _ settings: KafkaSettings, groupID: String? = nil, logger: Logger, onStatistics: ((RawSpan) -> Void)? = nil
    ) throws(KafkaError) {
        var defaults = Self.defaultProperties
        // librdkafka makes every high-level consumer name a group, also one that never joins it.
        defaults["group.id"] = groupID ?? "hindcast-alone"
        let configuration = try ClientConfiguration(settings, defaults: defaults, wishes: Self.wishedProperties)
        configuration.installRebalancing()
        let context = ClientContext(logger: logger)
        context.onStatistics = onStatistics
        client = try Client(RD_KAFKA_CONSUMER, configuration, context)
        // Errors and statistics come by the same queue as records from here on, so poll serves everything.
        unsafe _ = rd_kafka_poll_set_consumer(client.handle)
    }

    /// The properties every consumer starts from; the settings win over them.
    ///
    /// Memory: one queue for all partitions holds at most `queued.max.messages.kbytes` (4 MiB) and `queued.min.messages` (10,000, some 400 bytes each beside their
    /// content) before fetching stops, and what is on the wire then may still come in: one response of at most `fetch.max.bytes` (2 MiB, of which at most
    /// `fetch.message.max.bytes` a partition) from each broker. The sum, about 10 MiB with one broker, does not depend on the number of partitions or the backlog.
    /// A database takes records far slower than a queue of this size is filled again; a broker that is 100 ms away may want `fetch.max.bytes` raised.
    /// Two things lift it: compressed batches count by what they hold once unpacked, and a single batch larger than these limits is delivered whole.
    package static let defaultProperties = [
        "enable.auto.commit": "false",
        "enable.auto.offset.store": "false",
        "auto.offset.reset": "error",
        "isolation.level": "read_committed",
        "enable.partition.eof": "true",
        "queued.max.messages.kbytes": "4096",
        "queued.min.messages": "10000",
        "fetch.max.bytes": "2097152",
        "fetch.message.max.bytes": "524288",
        "fetch.wait.max.ms": "20",
        "fetch.error.backoff.ms": "100",
        "check.crcs": "true",
    ]

    /// Properties that librdkafka 2.0 does not know yet: from 2.2 on it would wait a whole second whenever the queue was full.
    static let wishedProperties = ["fetch.queue.backoff.ms": "10"]

    /// The name of a topic by the number that `ConsumerMessage.topicIndex` gives.
    package func topicName(_ index: Int) -> String { topics.names[index] }

    /// The number that this consumer's records of a topic carry.
    package func topicIndex(_ name: String) -> Int { topics.index(of: name) }

    /// The cluster's id; nil when no broker answers in time.
    package func clusterID(timeout: Duration) -> String? { client.clusterID(timeout: timeout) }

    /// Stops reading and stays a member of the group; partitions that the group gives meanwhile are not read either. Nothing happens when held already.
    package func hold() throws(KafkaError) {
        guard !isHeld else { return }
        isHeld = true
        try stopFetching(Array(fetching.keys))
    }

    /// Reads on after `hold`, from these positions. Partitions that are not named stay unread until `startFetching` names them.
    package func release(startingAt starts: [TopicPartition: StartPosition]) throws(KafkaError) {
        isHeld = false
        try startFetching(starts)
    }

    /// Leaves the group and gives everything back. Every `ConsumerMessage` and `MessageBatch` must be gone before.
    ///
    /// A rebalance still unanswered, and the one that closing causes, are answered here by giving the partitions up.
    ///
    /// - Returns: `.timedOut` when the client library hangs, as it can before 2.6.1 after a consumed topic was deleted. The process can end all the same.
    package func close(within limit: Duration = .seconds(10)) -> CloseOutcome {
        guard client.isUsable else { return .closed }
        if let rebalance = unanswered { try? giveUp(rebalance) }
        return client.close(within: limit)
    }
}
