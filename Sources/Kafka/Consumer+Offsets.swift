import CRdKafka

extension Consumer {
    /// The next offset that will be handed out; nil before the first record where reading began at a beginning or an end.
    package func position(of partition: TopicPartition) -> Int64? {
        positions.next(topics.index(of: partition.topic), partition.partition)
    }

    /// The partitions being read.
    package var assignment: [TopicPartition] { fetching.keys.sorted() }

    /// Reads a partition on from `start`; what was prefetched of it is dropped. The partition must be being read, or have stopped for an offset out of range.
    package func seek(_ partition: TopicPartition, to start: StartPosition, timeout: Duration) throws(KafkaError) {
        try checkUsable()
        guard fetching[partition] != nil else {
            throw KafkaError(.wrongState, "Cannot seek in a partition that is not being read", topicPartition: partition)
        }
        let list = PartitionList(starts: [partition: start])
        let failure = unsafe KafkaError.consuming(
            rd_kafka_seek_partitions(client.handle, list.pointer, timeout.timeoutMilliseconds), "Cannot seek", topicPartition: partition)
        if let failure { throw failure }
        guard let code = list.entries.first?.code else {
            fetching[partition] = start
            note([partition: start])
            return
        }
        // After an offset out of range librdkafka has stopped the partition and takes no seek: it is given a new start as if newly assigned.
        guard code == .wrongState else { throw KafkaError(code, "Cannot seek: \(code.reason)", topicPartition: partition) }
        try startFetching([partition: start])
    }

    /// The offsets that the broker holds, asked for now.
    package func queryWatermarks(of partition: TopicPartition, timeout: Duration) throws(KafkaError) -> Watermarks {
        try checkUsable()
        var low: Int64 = 0
        var high: Int64 = 0
        let response = unsafe rd_kafka_query_watermark_offsets(
            client.handle, partition.topic, partition.partition, &low, &high, timeout.timeoutMilliseconds)
        try KafkaError.check(response, "Cannot read the first and last offset", topicPartition: partition)
        return Watermarks(low: low, high: high)
    }

    /// The offsets that the broker held at the last fetch; nil before the first. Asks nobody.
    package func cachedWatermarks(of partition: TopicPartition) -> Watermarks? {
        var low: Int64 = 0
        var high: Int64 = 0
        let response = unsafe rd_kafka_get_watermark_offsets(client.handle, partition.topic, partition.partition, &low, &high)
        guard response == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0 else { return nil }
        return Watermarks(low: max(low, 0), high: high)
    }

    /// The first offset of each partition whose record's time is at or after `milliseconds` since 1970; nil where there is none.
    package func offsets(
        of partitions: [TopicPartition], atOrAfter milliseconds: Int64, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64?] {
        try checkUsable()
        let list = PartitionList(offsets: partitions.map { PartitionOffset($0, milliseconds) })
        let response = unsafe rd_kafka_offsets_for_times(client.handle, list.pointer, timeout.timeoutMilliseconds)
        try KafkaError.check(response, "Cannot find offsets by time")
        var found: [TopicPartition: Int64?] = [:]
        for entry in list.entries {
            if let code = entry.code { throw KafkaError(code, "Cannot find an offset by time: \(code.reason)", topicPartition: entry.topicPartition) }
            found.updateValue(entry.offset >= 0 ? entry.offset : nil, forKey: entry.topicPartition)
        }
        return found
    }

    /// Tells the group how far this member has come; `offset` is the next one to be read. Only a hint: see the type's comment.
    ///
    /// - Parameter waits: whether to wait for the broker's answer. Else a failure comes as an event of a later poll.
    package func commit(_ offsets: [PartitionOffset], waits: Bool = false) throws(KafkaError) {
        try checkUsable()
        guard !offsets.isEmpty else { return }
        let list = PartitionList(offsets: offsets)
        try KafkaError.check(unsafe rd_kafka_commit(client.handle, list.pointer, waits ? 0 : 1), "Cannot commit offsets")
        for entry in list.entries {
            if let code = entry.code { throw KafkaError(code, "Cannot commit an offset: \(code.reason)", topicPartition: entry.topicPartition) }
        }
    }

    /// What the group was told last, for each partition; nil where nothing was.
    package func committed(_ partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [TopicPartition: Int64?] {
        try checkUsable()
        let list = PartitionList(partitions: partitions)
        try KafkaError.check(
            unsafe rd_kafka_committed(client.handle, list.pointer, timeout.timeoutMilliseconds), "Cannot read committed offsets")
        var found: [TopicPartition: Int64?] = [:]
        for entry in list.entries {
            if let code = entry.code {
                throw KafkaError(code, "Cannot read a committed offset: \(code.reason)", topicPartition: entry.topicPartition)
            }
            found.updateValue(entry.offset >= 0 ? entry.offset : nil, forKey: entry.topicPartition)
        }
        return found
    }

    /// How many partitions a topic has.
    ///
    /// - Throws: `.unknownTopicOrPartition` where it does not exist.
    package func partitionCount(of topic: String, timeout: Duration) throws(KafkaError) -> Int {
        try checkUsable()
        return try client.metadata(topic: topic, timeout: timeout).first?.partitions ?? 0
    }
}
