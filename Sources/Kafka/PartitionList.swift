import CRdKafka

/// Owns one `rd_kafka_topic_partition_list_t`.
@safe struct PartitionList: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(capacity: Int) {
        unsafe pointer = rd_kafka_topic_partition_list_new(Int32(capacity))
    }

    init(starts: [TopicPartition: StartPosition]) {
        self.init(capacity: starts.count)
        for (topicPartition, start) in starts { append(topicPartition, offset: start.raw) }
    }

    init(offsets: [PartitionOffset]) {
        self.init(capacity: offsets.count)
        for entry in offsets { append(entry.topicPartition, offset: entry.offset) }
    }

    init(partitions: some Collection<TopicPartition>) {
        self.init(capacity: partitions.count)
        for partition in partitions { append(partition, offset: Int64(RD_KAFKA_OFFSET_INVALID)) }
    }

    deinit { unsafe rd_kafka_topic_partition_list_destroy(pointer) }

    func append(_ topicPartition: TopicPartition, offset: Int64) {
        unsafe rd_kafka_topic_partition_list_add(pointer, topicPartition.topic, topicPartition.partition).pointee.offset = offset
    }

    /// The entries as they stand now: librdkafka writes its answers into the list.
    var entries: [(topicPartition: TopicPartition, offset: Int64, code: KafkaError.Code?)] {
        unsafe Self.entries(of: pointer)
    }

    /// Reads a list that librdkafka owns.
    static func entries(
        of pointer: UnsafePointer<rd_kafka_topic_partition_list_t>
    ) -> [(topicPartition: TopicPartition, offset: Int64, code: KafkaError.Code?)] {
        let count = unsafe Int(pointer.pointee.cnt)
        guard count > 0, let elements = unsafe pointer.pointee.elems else { return [] }
        return (0..<count).map { index in
            let element = unsafe elements[index]
            let code = unsafe element.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError.Code(element.err)
            return unsafe (TopicPartition(topic: String(cString: element.topic), partition: element.partition), element.offset, code)
        }
    }

    /// Reads a list that librdkafka owns, nil standing for an empty one.
    static func partitions(of pointer: UnsafePointer<rd_kafka_topic_partition_list_t>?) -> [TopicPartition] {
        guard let pointer = unsafe pointer else { return [] }
        return unsafe entries(of: pointer).map(\.topicPartition)
    }
}
