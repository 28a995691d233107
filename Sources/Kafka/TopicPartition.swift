import CRdKafka

/// One partition of one topic.
package struct TopicPartition: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var topic: String
    package var partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    /// `topic[partition]`.
    package var description: String { "\(topic)[\(partition)]" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }
}

/// A partition and an offset in it.
package struct PartitionOffset: Hashable, Sendable, CustomStringConvertible {
    package var topicPartition: TopicPartition
    package var offset: Int64

    package init(_ topicPartition: TopicPartition, _ offset: Int64) {
        self.topicPartition = topicPartition
        self.offset = offset
    }

    /// `topic[partition]@offset`.
    package var description: String { "\(topicPartition)@\(offset)" }
}

/// Where reading a partition begins.
package enum StartPosition: Hashable, Sendable {
    /// At the first record the broker still holds.
    case beginning
    /// After the last record the broker holds when asked.
    case end
    /// At this offset.
    case offset(Int64)

    /// librdkafka's number for it.
    var raw: Int64 {
        switch self {
        case .beginning: Int64(RD_KAFKA_OFFSET_BEGINNING)
        case .end: Int64(RD_KAFKA_OFFSET_END)
        case .offset(let offset): offset
        }
    }
}

/// The range of offsets a broker holds of a partition.
package struct Watermarks: Hashable, Sendable {
    /// The first offset still held.
    package var low: Int64
    /// The offset that the next record will get.
    package var high: Int64

    package init(low: Int64, high: Int64) {
        self.low = low
        self.high = high
    }
}
