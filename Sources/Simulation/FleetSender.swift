package import Kafka
package import Logging

/// Sends a fleet's messages to Kafka, never faster than somebody reads them: the embedded broker drops what nobody fetched in time.
///
/// Synchronous, owned by one thread.
package final class FleetSender {
    /// Records that may be ahead of the reader.
    package static let lagLimit = 20_000
    /// How many records are sent between two looks at the lag.
    private static let stride = 2_000

    private let producer: Producer
    private let topic: String
    private let partitions: Int32
    /// Records handed over so far.
    package private(set) var sent: Int64 = 0

    /// Makes a sender for a topic of so many partitions. Does not connect yet.
    package init(_ settings: KafkaSettings, topic: String, partitions: Int32, logger: Logger) throws(KafkaError) {
        producer = try Producer(settings, logger: logger)
        self.topic = topic
        self.partitions = partitions
    }

    /// Sends messages, in order per device, and waits until the broker has them.
    ///
    /// - Parameters:
    ///   - lag: how many of the records sent so far nobody has read yet, asked once in 2,000 records; nil where that is not known.
    ///   - isStopped: asked as often; true ends the sending.
    package func send(
        _ messages: some Sequence<FleetMessage>, lag: ((_ sent: Int64) -> Int64)? = nil, isStopped: () -> Bool = { false }
    ) throws(KafkaError) {
        for message in messages {
            try send(message)
            guard sent % Int64(Self.stride) == 0 else { continue }
            if isStopped() { break }
            guard let lag else { continue }
            while lag(sent) > Self.lagLimit, !isStopped() { producer.poll(timeout: .milliseconds(20)) }
        }
        try producer.flush(timeout: .seconds(60))
    }

    /// Sends one message without waiting for the broker. Messages without a key are placed by their device, as a hub places them.
    package func send(_ message: FleetMessage) throws(KafkaError) {
        let partition = message.key == nil ? Int32(message.device.index % Int(partitions)) : nil
        try producer.produce(
            ProducerRecord(topic: topic, partition: partition, key: message.key, value: message.value, headers: message.headers))
        sent += 1
    }

    /// Sends what a service says of an export, without waiting for the broker.
    package func send(_ notice: ExportNotice) throws(KafkaError) {
        try producer.produce(ProducerRecord(topic: topic, key: notice.key, value: notice.value, headers: notice.headers))
        sent += 1
    }

    /// Waits at most `duration`, serving what the broker answers.
    package func wait(_ duration: Duration) {
        let end = ContinuousClock.now + duration
        repeat {
            producer.poll(timeout: max(.zero, min(ContinuousClock.now.duration(to: end), .milliseconds(100))))
        } while ContinuousClock.now < end
    }

    /// Waits until the broker has everything, then gives all back.
    package func close() throws(KafkaError) {
        _ = try producer.close(within: .seconds(10))
    }
}
