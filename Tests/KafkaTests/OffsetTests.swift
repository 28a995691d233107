import Kafka
import TestSupport
import Testing

@Suite struct OffsetTests {
    @Test(arguments: BrokerFixture.kinds(with: .offsetOutOfRange))
    func `an offset that the broker does not hold is told and not jumped over`(kind: BrokerKind) throws {
        let fixture = try TestBroker(kind)
        let partition = TopicPartition(topic: try fixture.makeTopic(partitions: 1), partition: 0)
        try produce((0..<5).map { ProducerRecord(topic: partition.topic, partition: 0, value: [UInt8($0)]) }, to: fixture.settings)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([partition: .offset(100)])
        let event = consumer.poll { if case .offsetOutOfRange = $0 { true } else { false } }
        guard case .offsetOutOfRange(partition, let offset, let error)? = event else { return }
        #expect(offset == nil || offset == 100)
        #expect(error.code == .autoOffsetReset)
        #expect(!error.isFatal)
        #expect(consumer.position(of: partition) == 100)

        try consumer.seek(partition, to: .offset(3), timeout: .patience)
        #expect(try consumer.readToEnd(of: [partition]).map(\.offset) == [3, 4])
        #expect(consumer.close() == .closed)
    }

    @Test func `records that the embedded broker dropped show as an offset out of range`() throws {
        let fixture = try TestBroker()
        let partition = TopicPartition(topic: try fixture.makeTopic(partitions: 1), partition: 0)
        // 5 MiB as sent is all that it keeps of a partition.
        var settings = fixture.settings
        settings.properties["compression.codec"] = "none"
        let value = [UInt8](repeating: 7, count: 100_000)
        try produce((0..<80).map { _ in ProducerRecord(topic: partition.topic, partition: 0, value: value) }, to: settings)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([partition: .offset(0)])
        _ = consumer.poll { if case .offsetOutOfRange(partition, _, _) = $0 { true } else { false } }

        let held = try consumer.queryWatermarks(of: partition, timeout: .patience)
        #expect(held.low > 0)
        #expect(held.high == 80)
        try consumer.seek(partition, to: .beginning, timeout: .patience)
        #expect(consumer.position(of: partition) == nil)
        #expect(try consumer.readToEnd(of: [partition]).map(\.offset) == Array(held.low..<80))
        #expect(consumer.close() == .closed)
    }

    @Test(arguments: BrokerFixture.kinds())
    func `a committed offset is kept by the group, a partition without one has none`(kind: BrokerKind) throws {
        let fixture = try TestBroker(kind)
        let topic = try fixture.makeTopic(partitions: 2)
        let first = TopicPartition(topic: topic, partition: 0)
        let second = TopicPartition(topic: topic, partition: 1)
        let group = TestBroker.uniqueName("group")
        let consumer = try Consumer(fixture.settings, groupID: group, logger: TestBroker.quiet)
        try consumer.assign([first: .offset(0), second: .offset(0)])
        try consumer.commit([PartitionOffset(first, 42)], waits: true)
        #expect(consumer.close() == .closed)

        let other = try Consumer(fixture.settings, groupID: group, logger: TestBroker.quiet)
        #expect(try other.committed([first, second], timeout: .patience) == [first: 42, second: nil])
        #expect(other.close() == .closed)
    }

    @Test func `a commit that fails without being waited for comes as an event`() throws {
        let fixture = try TestBroker()
        let partition = TopicPartition(topic: try fixture.makeTopic(partitions: 1), partition: 0)
        let consumer = try Consumer(fixture.settings, groupID: TestBroker.uniqueName("group"), logger: TestBroker.quiet)
        try consumer.assign([partition: .offset(0)])
        try consumer.commit([PartitionOffset(partition, 1)], waits: true)
        fixture.embedded?.fail(next: .offsetCommit, with: [.groupAuthorizationFailed])
        try consumer.commit([PartitionOffset(partition, 2)])
        let event = consumer.poll { if case .error(let error) = $0 { error.code == .groupAuthorizationFailed } else { false } }
        guard case .error(let error)? = event else { return }
        #expect(error.message.contains("commit"))
        #expect(consumer.close() == .closed)
    }

    @Test(arguments: BrokerFixture.kinds(with: .offsetsByTime))
    func `an offset is found by time`(kind: BrokerKind) throws {
        let fixture = try TestBroker(kind)
        let partition = TopicPartition(topic: try fixture.makeTopic(partitions: 1), partition: 0)
        try produce(
            (0..<3).map { ProducerRecord(topic: partition.topic, partition: 0, value: [1], timestamp: 1_000_000 + Int64($0) * 1000) },
            to: fixture.settings)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        #expect(try consumer.offsets(of: [partition], atOrAfter: 1_001_000, timeout: .patience) == [partition: 1])
        #expect(try consumer.offsets(of: [partition], atOrAfter: 9_000_000, timeout: .patience) == [partition: nil])
        #expect(consumer.close() == .closed)
    }

    @Test func `while held nothing is handed out, and reading goes on where it is told`() throws {
        let fixture = try TestBroker()
        let partition = TopicPartition(topic: try fixture.makeTopic(partitions: 1), partition: 0)
        try produce((0..<100).map { ProducerRecord(topic: partition.topic, partition: 0, value: [UInt8($0)]) }, to: fixture.settings)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([partition: .offset(0)])
        var batch = MessageBatch(capacity: 10)
        while !batch.isFull { #expect(consumer.poll(into: &batch, timeout: .patience) == nil) }
        batch.removeAll()

        try consumer.hold()
        #expect(consumer.isHeld)
        #expect(consumer.assignment.isEmpty)
        try produce((100..<120).map { ProducerRecord(topic: partition.topic, partition: 0, value: [UInt8($0)]) }, to: fixture.settings)
        for _ in 0..<5 {
            guard case .nothing = consumer.poll(timeout: .milliseconds(50)) else {
                Issue.record("something came while held")
                return
            }
        }
        // The last batch could not be stored: it is read again.
        try consumer.release(startingAt: [partition: .offset(0)])
        #expect(try consumer.readToEnd(of: [partition]).map(\.offset) == Array(0..<120))
        #expect(consumer.close() == .closed)
    }

    @Test func `one partition can be given up while the others are read on`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 3)
        let all = (0..<3).map { TopicPartition(topic: topic, partition: Int32($0)) }
        for partition in all {
            try produce((0..<20).map { ProducerRecord(topic: topic, partition: partition.partition, value: [UInt8($0)]) }, to: fixture.settings)
        }
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([all[0]: .offset(0), all[1]: .offset(5)])
        try consumer.startFetching([all[2]: .offset(19)])
        try consumer.stopFetching([all[0]])
        #expect(consumer.assignment == [all[1], all[2]])
        let read = try consumer.readToEnd(of: [all[1], all[2]])
        #expect(read.filter { $0.partition == 1 }.map(\.offset) == Array(5..<20))
        #expect(read.filter { $0.partition == 2 }.map(\.offset) == [19])
        #expect(!read.contains { $0.partition == 0 })
        #expect(consumer.close() == .closed)
    }
}
