import Kafka
import TestSupport
import Testing

@Suite struct RoundTripTests {
    private static let records: [(key: [UInt8]?, value: [UInt8]?, headers: [ProducerHeader], timestamp: Int64)] = [
        (nil, nil, [], 1_600_000_000_001),
        ([], [], [], 1_600_000_000_002),
        (Array("device-1".utf8), Array(#"{"temp":21.5}"#.utf8), [ProducerHeader("kind", Array("telemetry".utf8))], 1_600_000_000_003),
        (
            [0, 255, 128], Array(0...255),
            [ProducerHeader("iothub-x", [0xa1, 0x00, 0xff]), ProducerHeader("iothub-x", nil), ProducerHeader("iothub-x", [])], 1
        ),
        (nil, Array(repeating: 0x20, count: 200_000), [ProducerHeader("größe", Array("ü".utf8)), ProducerHeader("", [1])], 1_600_000_000_005),
    ]

    @Test(arguments: BrokerFixture.kinds())
    func `a record comes back byte for byte, null apart from empty`(kind: BrokerKind) throws {
        let fixture = try TestBroker(kind)
        let topic = try fixture.makeTopic(partitions: 2)
        try produce(
            Self.records.map {
                ProducerRecord(topic: topic, partition: 1, key: $0.key, value: $0.value, headers: $0.headers, timestamp: $0.timestamp)
            },
            to: fixture.settings)
        let partition = TopicPartition(topic: topic, partition: 1)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([partition: .offset(0)])
        let read = try consumer.readToEnd(of: [partition])
        #expect(read.map(\.offset) == [0, 1, 2, 3, 4])
        #expect(read.map(\.partition) == [1, 1, 1, 1, 1])
        #expect(read.map(\.key) == Self.records.map(\.key))
        #expect(read.map(\.value) == Self.records.map(\.value))
        #expect(read.map(\.headers) == Self.records.map { $0.headers.map { Record.Header(name: $0.name, value: $0.value) } })
        #expect(read.map(\.timestamp) == Self.records.map { RecordTimestamp(kind: .create, milliseconds: $0.timestamp) })
        #expect(consumer.close() == .closed)
    }

    @Test(arguments: ["none", "gzip", "snappy", "lz4", "zstd"])
    func `every compression comes back the same`(codec: String) throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 1)
        var settings = fixture.settings
        settings.properties["compression.codec"] = codec
        let values = (0..<200).map { Array("a value that repeats itself, number \($0)".utf8) }
        try produce(values.map { ProducerRecord(topic: topic, partition: 0, value: $0) }, to: settings)
        let partition = TopicPartition(topic: topic, partition: 0)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([partition: .beginning])
        #expect(try consumer.readToEnd(of: [partition]).map(\.value) == values)
        #expect(consumer.close() == .closed)
    }

    @Test(arguments: BrokerFixture.kinds())
    func `reading starts at the offset it is told, in the middle of a batch too`(kind: BrokerKind) throws {
        let fixture = try TestBroker(kind)
        let topic = try fixture.makeTopic(partitions: 1)
        try produce((0..<50).map { ProducerRecord(topic: topic, partition: 0, value: [UInt8($0)]) }, to: fixture.settings)
        let partition = TopicPartition(topic: topic, partition: 0)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([partition: .offset(17)])
        #expect(consumer.position(of: partition) == 17)
        let read = try consumer.readToEnd(of: [partition])
        #expect(read.map(\.offset) == Array(17..<50))
        #expect(consumer.position(of: partition) == 50)
        #expect(consumer.cachedWatermarks(of: partition)?.high == 50)

        try consumer.seek(partition, to: .offset(48), timeout: .patience)
        #expect(consumer.position(of: partition) == 48)
        #expect(try consumer.readToEnd(of: [partition]).map(\.offset) == [48, 49])
        #expect(consumer.close() == .closed)
    }

    @Test(arguments: BrokerFixture.kinds(with: .endOffsets))
    func `watermarks are asked for and remembered`(kind: BrokerKind) throws {
        let fixture = try TestBroker(kind)
        let topic = try fixture.makeTopic(partitions: 2)
        try produce((0..<7).map { ProducerRecord(topic: topic, partition: 0, value: [UInt8($0)]) }, to: fixture.settings)
        let partition = TopicPartition(topic: topic, partition: 0)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        #expect(consumer.cachedWatermarks(of: partition) == nil)
        #expect(try consumer.queryWatermarks(of: partition, timeout: .patience) == Watermarks(low: 0, high: 7))
        #expect(try consumer.queryWatermarks(of: TopicPartition(topic: topic, partition: 1), timeout: .patience) == Watermarks(low: 0, high: 0))
        #expect(try consumer.partitionCount(of: topic, timeout: .patience) == 2)
        #expect(consumer.clusterID(timeout: .patience)?.isEmpty == false)
        #expect(consumer.close() == .closed)
    }

    @Test func `an empty partition tells its end at once`() throws {
        let fixture = try TestBroker()
        let partition = TopicPartition(topic: try fixture.makeTopic(partitions: 1), partition: 0)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([partition: .offset(0)])
        guard case .event(.partitionEnd(partition, offset: 0)) = consumer.poll(timeout: .patience) else {
            Issue.record("the end of an empty partition was not told")
            return
        }
        #expect(consumer.close() == .closed)
    }

    @Test func `topics of one consumer are told apart by number`() throws {
        let fixture = try TestBroker()
        let names = [try fixture.makeTopic(partitions: 1), try fixture.makeTopic(partitions: 1), try fixture.makeTopic(partitions: 1)]
        for (index, name) in names.enumerated() {
            try produce([ProducerRecord(topic: name, partition: 0, value: [UInt8(index)])], to: fixture.settings)
        }
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign(Dictionary(uniqueKeysWithValues: names.map { (TopicPartition(topic: $0, partition: 0), .offset(0)) }))
        var seen: [String: [UInt8]?] = [:]
        while seen.count < names.count {
            guard case .message(let message) = consumer.poll(timeout: .patience) else { continue }
            seen.updateValue(bytes(message.value), forKey: consumer.topicName(message.topicIndex))
            #expect(consumer.topicIndex(consumer.topicName(message.topicIndex)) == message.topicIndex)
        }
        #expect(seen == [names[0]: [0], names[1]: [1], names[2]: [2]])
        #expect(consumer.close() == .closed)
    }

    @Test func `a batch keeps its records until they are given back`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 1)
        try produce((0..<30).map { ProducerRecord(topic: topic, partition: 0, value: [UInt8($0)]) }, to: fixture.settings)
        let consumer = try Consumer(fixture.settings, logger: TestBroker.quiet)
        try consumer.assign([TopicPartition(topic: topic, partition: 0): .offset(0)])
        var batch = MessageBatch(capacity: 20)
        while !batch.isFull { #expect(consumer.poll(into: &batch, timeout: .patience, linger: .seconds(1)) == nil) }
        #expect(batch.count == 20)
        #expect((0..<20).map { bytes(batch[$0].value) } == (0..<20).map { [UInt8($0)] })
        #expect(consumer.poll(into: &batch, timeout: .zero) == nil)
        #expect(batch.count == 20)
        batch.removeAll()
        let isEmpty = batch.isEmpty
        #expect(isEmpty)
        #expect(consumer.close() == .closed)
    }
}
