package import Diagnostics
import JSON
package import Kafka
package import Logging
package import Threading

/// A destination that is a Kafka topic: read from where its broker's times begin to be of interest, to the end that was met when it was first read.
///
/// The end is where a fetch finds nothing more. What a broker answers when it is asked for the end beforehand is not relied on: some name the beginning of the last batch.
package struct DestinationTopic: ~Copyable, DestinationReading {
    private static let timeout = Duration.seconds(15)
    /// How long nothing may come where something has to.
    private static let patience = Duration.seconds(60)

    private let topic: String
    private let consumer: Consumer
    private let stop: StopSignal?
    private let ranges: [TopicPartition: Range<Int64>]
    /// Where each partition ended at the first reading.
    private var ends: [TopicPartition: Int64] = [:]

    /// Finds the offsets to read.
    ///
    /// - Parameters:
    ///   - time: messages that the broker got before it are of no interest; nil for all.
    ///   - stop: ends the reading early.
    /// - Throws: ``ExportJobError/Code/kafka`` where the broker cannot be reached, or has no such topic.
    package init(
        topic: String, since time: Timestamp?, settings: KafkaSettings, stop: StopSignal? = nil, logger: Logger
    ) throws(ExportJobError) {
        let consumer = try asking { () throws(KafkaError) in try Consumer(settings, logger: logger) }
        let ranges = try asking { () throws(KafkaError) -> [TopicPartition: Range<Int64>] in try Self.ranges(of: topic, since: time, consumer) }
        self.topic = topic
        self.stop = stop
        self.consumer = consumer
        self.ranges = ranges
    }

    private static func ranges(
        of topic: String, since time: Timestamp?, _ consumer: Consumer
    ) throws(KafkaError) -> [TopicPartition: Range<Int64>] {
        let count = try consumer.partitionCount(of: topic, timeout: Self.timeout)
        let partitions = (0..<Int32(count)).map { TopicPartition(topic: topic, partition: $0) }
        var starts: [TopicPartition: Int64?] = [:]
        if let time {
            starts = try consumer.offsets(of: partitions, atOrAfter: max(0, time.microseconds / 1000), timeout: Self.timeout)
        }
        var ranges: [TopicPartition: Range<Int64>] = [:]
        for partition in partitions {
            let held = try consumer.queryWatermarks(of: partition, timeout: Self.timeout)
            // A broker that knows no offset by time, or has nothing so late, names none: to read all of it is slow, and to read nothing may be wrong.
            let start = (starts[partition] ?? nil) ?? held.low
            ranges[partition] = min(max(start, held.low), held.high)..<held.high
        }
        return ranges
    }

    /// Offsets between start and end by the broker's word: markers of transactions count too.
    package mutating func estimate() throws(ExportJobError) -> Int64 { ranges.values.reduce(0) { $0 + Int64($1.count) } }

    /// Reads it.
    package mutating func read(_ body: (borrowing RecordView) -> Void) throws(ExportJobError) {
        let read = ranges.filter { !$0.value.isEmpty }
        var open = Set(read.keys)
        guard !open.isEmpty else { return }
        let (consumer, starts) = (consumer, read.mapValues { StartPosition.offset($0.lowerBound) })
        try asking { () throws(KafkaError) in try consumer.assign(starts) }
        let now = Timestamp(microseconds: WallClock.microseconds())
        var headers: [UInt8] = []
        var heard = ContinuousClock.now
        while !open.isEmpty {
            if stop?.isRequested == true { throw ExportJobError(.interrupted, "Interrupted; nothing was kept.") }
            switch consumer.poll(timeout: .milliseconds(100)) {
            case .message(let message):
                heard = .now
                let partition = TopicPartition(topic: topic, partition: message.partition)
                guard open.contains(partition) else { continue }
                let end = ends[partition] ?? .max
                if message.offset < end {
                    headers.removeAll(keepingCapacity: true)
                    let list = message.headers
                    for index in 0..<list.count { HeaderBytes.append(name: list[index].name, value: list[index].value, to: &headers) }
                    body(
                        RecordView(
                            key: message.key, headers: headers.rawBytes, payload: message.value, brokerTime: Self.time(message.timestamp),
                            ingestTime: now))
                }
                if message.offset >= end - 1 { open.remove(partition) }
            case .event(.partitionEnd(let partition, let offset)):
                heard = .now
                if open.remove(partition) != nil, ends[partition] == nil { ends[partition] = offset }
            case .event(.offsetOutOfRange(_, _, let error)):
                throw ExportJobError(
                    .destinationUnreadable,
                    "\(topic) lost messages while it was read (\(error)). Compare a later stretch with --from, or raise the topic's retention.")
            case .event(.error(let error)) where error.isFatal || !error.isRetriable && error.topicPartition != nil:
                throw ExportJobError(error)
            case .event: continue
            case .nothing:
                if ContinuousClock.now - heard > Self.patience {
                    throw ExportJobError(
                        .destinationUnreadable, "\(topic) gave nothing for \(Self.patience), expected \(open.count) more partitions to their ends.")
                }
            }
        }
        try asking { () throws(KafkaError) in try consumer.assign([:]) }
    }

    /// Gives the connection back.
    package consuming func close() { _ = consumer.close() }

    private static func time(_ timestamp: RecordTimestamp) -> Timestamp? {
        timestamp.kind == .notAvailable ? nil : Timestamp(milliseconds: timestamp.milliseconds)
    }
}
