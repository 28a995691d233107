import Diagnostics
import Kafka
import Simulation
import TestSupport
import Testing

/// The simulator's way to Kafka.
struct FleetSenderTests {
    private static let plan = FleetPlan(devices: 120, seed: 11, tenant: "test", startedAt: Timestamp(microseconds: 1_790_000_000_000_000))

    /// How many records a topic holds.
    private func count(_ topic: String, partitions: Int32, on broker: TestBroker) throws -> Int64 {
        let consumer = try Consumer(broker.settings, logger: TestBroker.quiet)
        defer { _ = consumer.close() }
        return try (0..<partitions).reduce(0) { sum, partition in
            sum + (try consumer.queryWatermarks(of: TopicPartition(topic: topic, partition: partition), timeout: .patience).high)
        }
    }

    @Test func `every message of the plan arrives, and sending waits while the reader is behind`() throws {
        let broker = try TestBroker(.embedded)
        let topic = try broker.makeTopic(partitions: 4)
        let sender = try FleetSender(broker.settings, topic: topic, partitions: 4, logger: TestBroker.quiet)
        var asked: [Int64] = []
        try sender.send(
            FleetHistory(Self.plan),
            lag: { sent in
                asked.append(sent)
                return asked.count < 4 ? Int64(FleetSender.lagLimit) + 1 : 0
            })
        let planned = Int64(PlanFile(Self.plan, topic: topic).messages)
        #expect(sender.sent == planned)
        // Asked again and again at the first look, until the reader had caught up; then once a look.
        #expect(Array(asked.prefix(5)) == [2000, 2000, 2000, 2000, 4000])
        try sender.close()
        #expect(try count(topic, partitions: 4, on: broker) == planned)
    }

    @Test func `sending stops where it is asked to`() throws {
        let broker = try TestBroker(.embedded)
        let topic = try broker.makeTopic(partitions: 1)
        let sender = try FleetSender(broker.settings, topic: topic, partitions: 1, logger: TestBroker.quiet)
        try sender.send(FleetHistory(Self.plan), isStopped: { true })
        #expect(sender.sent == 2000)
        try sender.close()
        #expect(try count(topic, partitions: 1, on: broker) == 2000)
    }
}
