import Kafka
import TestSupport
import Testing

/// Collects what a producer reports; used by one thread.
private final class Reports {
    var all: [DeliveryReport] = []
}

@Suite struct ProducerTests {
    @Test(arguments: BrokerFixture.kinds())
    func `every record is reported with its id, partition and offset`(kind: BrokerKind) throws {
        let fixture = try TestBroker(kind)
        let topic = try fixture.makeTopic(partitions: 2)
        let reports = Reports()
        let producer = try Producer(fixture.settings, logger: TestBroker.quiet, onDelivery: { reports.all.append($0) })
        for id in 0..<100 as Range<UInt64> {
            try producer.produce(ProducerRecord(topic: topic, partition: Int32(id % 2), value: Array("\(id)".utf8)), id: id)
        }
        try producer.flush(timeout: .patience)
        #expect(reports.all.allSatisfy { $0.error == nil && $0.persistence == .persisted && $0.partition == Int32($0.id % 2) })
        #expect(reports.all.filter { $0.partition == 0 }.compactMap(\.offset) == Array(0..<50))
        #expect(reports.all.map(\.id).sorted() == Array(0..<100))
        #expect(producer.counts == DeliveryCounts(delivered: 100, failed: 0))
        #expect(producer.pending == 0)
        #expect(try producer.close() == .closed)
    }

    @Test func `a passing fault is retried until the record is stored, once`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 1)
        let producer = try Producer(fixture.settings, logger: TestBroker.quiet)
        let code = KafkaError.Code(rawValue: 6)  // NOT_LEADER_FOR_PARTITION
        #expect(code.name == "NOT_LEADER_FOR_PARTITION")
        fixture.embedded?.fail(next: .produce, with: [code, .transport])
        try producer.produce(ProducerRecord(topic: topic, partition: 0, value: [1]))
        try producer.flush(timeout: .patience)
        #expect(producer.counts == DeliveryCounts(delivered: 1, failed: 0))
        #expect(try producer.close() == .closed)
    }

    @Test func `a refused record is reported as failed`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 1)
        let reports = Reports()
        let producer = try Producer(fixture.settings, logger: TestBroker.quiet, onDelivery: { reports.all.append($0) })
        fixture.embedded?.fail(next: .produce, with: [.topicAuthorizationFailed])
        try producer.produce(ProducerRecord(topic: topic, partition: 0, value: [1]), id: 9)
        try producer.flush(timeout: .patience)
        #expect(reports.all.map(\.id) == [9])
        #expect(reports.all.first?.error?.code == .topicAuthorizationFailed)
        #expect(reports.all.first?.error?.topicPartition == TopicPartition(topic: topic, partition: 0))
        #expect(reports.all.first?.offset == nil)
        #expect(producer.counts == DeliveryCounts(delivered: 0, failed: 1))
        #expect(try producer.close() == .closed)
    }

    @Test func `without a handler a failure is thrown by flush, and only once`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 1)
        let producer = try Producer(fixture.settings, logger: TestBroker.quiet)
        fixture.embedded?.fail(next: .produce, with: [.topicAuthorizationFailed])
        try producer.produce(ProducerRecord(topic: topic, partition: 0, value: [1]))
        let error = failure { () throws(KafkaError) in try producer.flush(timeout: .patience) }
        #expect(error?.code == .topicAuthorizationFailed)
        try producer.flush(timeout: .patience)
        #expect(try producer.close() == .closed)
    }

    @Test func `what cannot be delivered is pending after flush, and reported when it is purged`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 1)
        let reports = Reports()
        let producer = try Producer(fixture.settings, logger: TestBroker.quiet, onDelivery: { reports.all.append($0) })
        fixture.embedded?.setDown(broker: 1)
        for id in 1...3 as ClosedRange<UInt64> { try producer.produce(ProducerRecord(topic: topic, partition: 0, value: [1]), id: id) }
        let error = failure { () throws(KafkaError) in try producer.flush(timeout: .milliseconds(200)) }
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("3 records") == true)
        #expect(producer.pending == 3)
        #expect(try producer.close(within: .milliseconds(100)) == .closed)
        #expect(reports.all.map(\.id).sorted() == [1, 2, 3])
        #expect(reports.all.allSatisfy { $0.error?.code == .purgedFromQueue || $0.error?.code == .purgedInFlight })
    }

    @Test func `a full queue is waited for, and refuses in the end`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 1)
        var settings = fixture.settings
        settings.properties["queue.buffering.max.messages"] = "10"
        let patient = try Producer(settings, logger: TestBroker.quiet)
        for _ in 0..<200 { try patient.produce(ProducerRecord(topic: topic, partition: 0, value: [1])) }
        try patient.flush(timeout: .patience)
        #expect(patient.counts.delivered == 200)
        #expect(try patient.close() == .closed)

        fixture.embedded?.setDown(broker: 1)
        let hasty = try Producer(settings, logger: TestBroker.quiet, fullQueueTimeout: .milliseconds(60), onDelivery: { _ in })
        let error = failure { () throws(KafkaError) in
            for _ in 0..<11 { try hasty.produce(ProducerRecord(topic: topic, partition: 0, value: [1])) }
        }
        #expect(error?.code == .queueFull)
        #expect(error?.isRetriable == true)
        #expect(hasty.pending == 10)
        #expect(try hasty.close(within: .zero) == .closed)
    }

    @Test func `a record that is too large is refused at once`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 1)
        let producer = try Producer(fixture.settings, logger: TestBroker.quiet)
        let error = failure { () throws(KafkaError) in
            try producer.produce(
                ProducerRecord(topic: topic, value: [UInt8](repeating: 0, count: 2_000_000), headers: [ProducerHeader("a", [1])]))
        }
        #expect(error?.code == .messageTooLarge)
        #expect(error?.description.contains(topic) == true)
        #expect(producer.pending == 0)
        #expect(try producer.close() == .closed)
    }

    @Test func `a closed producer refuses`() throws {
        let producer = try Producer(TestBroker().settings, logger: TestBroker.quiet)
        #expect(try producer.close() == .closed)
        #expect(try producer.close() == .closed)
        #expect(failure { () throws(KafkaError) in try producer.produce(ProducerRecord(topic: "t", value: nil)) }?.code == .wrongState)
        #expect(failure { () throws(KafkaError) in try producer.flush(timeout: .zero) }?.code == .wrongState)
    }
}
