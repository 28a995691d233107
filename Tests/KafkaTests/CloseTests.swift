import Glibc
import Kafka
import Synchronization
import TestSupport
import Testing

@Suite struct CloseTests {
    @Test func `a call that finishes is waited for`() {
        let ran = Ran()
        #expect(Deadline.run(within: .patience) { ran.flag.store(true, ordering: .releasing) })
        let flag = ran.flag.load(ordering: .acquiring)
        #expect(flag)
    }

    @Test func `a call that hangs is abandoned at the deadline`() throws {
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        let (read, write) = (ends[0], ends[1])
        let start = ContinuousClock.now
        let finished = Deadline.run(within: .milliseconds(50)) {
            var byte: UInt8 = 0
            // Blocks until the test has seen the deadline pass.
            _ = unsafe Glibc.read(read, &byte, 1)
            Glibc.close(read)
        }
        #expect(!finished)
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        Glibc.close(write)
    }

    @Test func `a consumer says that it is closed`() throws {
        let fixture = try TestBroker()
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        #expect(consumer.close() == .closed)
        #expect(consumer.close() == .closed)
        guard case .event(.error(let error)) = consumer.poll(timeout: .zero) else {
            Issue.record("a closed consumer was polled")
            return
        }
        #expect(error.code == .wrongState)
        let partition = TopicPartition(topic: "t", partition: 0)
        #expect(failure { () throws(KafkaError) in try consumer.assign([partition: .beginning]) }?.code == .wrongState)
        #expect(failure { () throws(KafkaError) in try consumer.commit([PartitionOffset(partition, 1)]) }?.code == .wrongState)
    }

    @Test func `a broker that is gone does not keep a consumer from closing`() throws {
        let fixture = try TestBroker()
        let partition = TopicPartition(topic: try fixture.makeTopic(partitions: 1), partition: 0)
        try produce((0..<100).map { ProducerRecord(topic: partition.topic, partition: 0, value: [UInt8($0)]) }, to: fixture.settings)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([partition: .offset(0)])
        guard case .message = consumer.poll(timeout: .patience) else {
            Issue.record("no record came")
            return
        }
        fixture.embedded?.close()
        #expect(consumer.close() == .closed)
    }

    // A record that is kept is one of the things that the client library waits for without end; a deleted topic, before 2.6.1, is another.
    @Test func `a consumer whose client library hangs is abandoned at the deadline and says so`() throws {
        let fixture = try TestBroker()
        let partition = TopicPartition(topic: try fixture.makeTopic(partitions: 1), partition: 0)
        try produce([ProducerRecord(topic: partition.topic, partition: 0, value: [7])], to: fixture.settings)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([partition: .offset(0)])
        guard case .message(let kept) = consumer.poll(timeout: .patience) else {
            Issue.record("no record came")
            return
        }
        let start = ContinuousClock.now
        #expect(consumer.close(within: .milliseconds(300)) == .timedOut)
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(consumer.close() == .closed, "a second close has nothing left to do")
        let value = bytes(kept.value)
        #expect(value == [7])
    }

    @Test func `an embedded broker is started and stopped again and again`() throws {
        for _ in 0..<10 {
            let broker = try EmbeddedBroker(topics: [("a", 1), ("b", 3)], brokers: 2)
            #expect(broker.bootstrapServers.split(separator: ",").count == 2)
            #expect(failure { () throws(KafkaError) in try broker.createTopic("a", partitions: 1) } != nil)
            broker.close()
            broker.close()
        }
    }
}

/// Shared with the thread that runs the call.
private final class Ran: Sendable {
    let flag = Atomic(false)
}
