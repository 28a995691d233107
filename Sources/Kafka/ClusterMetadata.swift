import CRdKafka

/// A topic as the cluster describes it.
package struct TopicMetadata: Hashable, Sendable {
    package var name: String
    /// How many partitions it has.
    package var partitions: Int

    package init(name: String, partitions: Int) {
        self.name = name
        self.partitions = partitions
    }
}

extension Client {
    /// Describes one topic, or all of them.
    ///
    /// - Throws: the topic's own error, for example `.unknownTopicOrPartition`, where one is asked for; `.transport` or `.timedOut` when no broker answers.
    func metadata(topic: String?, timeout: Duration) throws(KafkaError) -> [TopicMetadata] {
        var one: OpaquePointer?
        if let topic {
            unsafe one = rd_kafka_topic_new(handle, topic, nil)
            guard unsafe one != nil else { throw KafkaError(KafkaError.Code(rd_kafka_last_error()), "Cannot ask for topic \(topic)") }
        }
        defer { if let one = unsafe one { unsafe rd_kafka_topic_destroy(one) } }
        var answer: UnsafePointer<rd_kafka_metadata>?
        let response = unsafe rd_kafka_metadata(handle, topic == nil ? 1 : 0, one, &answer, timeout.timeoutMilliseconds)
        try KafkaError.check(response, "Cannot read the cluster's metadata")
        guard let answer = unsafe answer else { return [] }
        defer { unsafe rd_kafka_metadata_destroy(answer) }
        var found: [TopicMetadata] = []
        for index in 0..<Int(unsafe answer.pointee.topic_cnt) {
            let entry = unsafe answer.pointee.topics[index]
            let name = unsafe String(cString: entry.topic)
            if topic != nil { try KafkaError.check(unsafe entry.err, "Cannot use topic \(name)") }
            found.append(TopicMetadata(name: name, partitions: Int(unsafe entry.partition_cnt)))
        }
        return found
    }
}
