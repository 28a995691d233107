import Kafka
import TestSupport
import Testing

/// Where each partition is to be read from next, and what was read: what the database is to the service.
private final class Store {
    var next: [TopicPartition: Int64] = [:]
    var count = 0

    /// Takes a record; it must be the next one, whoever read it.
    func take(_ partition: TopicPartition, _ offset: Int64) {
        #expect(next[partition, default: 0] == offset, "\(partition)")
        next[partition] = offset + 1
        count += 1
    }
}

/// One member of a group, driven by the test's thread.
private final class Member {
    let consumer: Consumer
    let store: Store
    var owned: Set<TopicPartition> = []
    var rebalances: [Rebalance] = []

    init(_ settings: KafkaSettings, group: String, topic: String, store: Store) throws {
        consumer = try Consumer(settings, groupID: group, logger: TestBroker.quiet)
        self.store = store
        try consumer.subscribe([topic])
    }

    func step() throws {
        switch consumer.poll(timeout: .milliseconds(20)) {
        case .message(let message):
            store.take(TopicPartition(topic: consumer.topicName(message.topicIndex), partition: message.partition), message.offset)
        case .event(.rebalance(let rebalance)):
            rebalances.append(rebalance)
            if rebalance.kind == .assigned { owned.formUnion(rebalance.partitions) } else { owned.subtract(rebalance.partitions) }
            try consumer.complete(rebalance, startingAt: starts(rebalance.partitions))
        case .event(.error(let error)):
            #expect(!error.isFatal)
        case .event: break
        case .nothing: break
        }
    }

    func starts(_ partitions: some Sequence<TopicPartition>) -> [TopicPartition: StartPosition] {
        Dictionary(uniqueKeysWithValues: partitions.map { ($0, .offset(store.next[$0, default: 0])) })
    }
}

/// Drives members until `done`, and fails the test when that does not come within a minute.
private func drive(_ members: [Member], until done: () -> Bool) throws {
    let end = ContinuousClock.now + .patience
    while !done() {
        guard ContinuousClock.now < end else {
            Issue.record("not reached within a minute: \(members.map { ($0.owned.count, $0.rebalances.count, $0.store.count) })")
            return
        }
        for member in members { try member.step() }
    }
}

@Suite struct GroupTests {
    @Test(arguments: BrokerFixture.kinds(with: .eagerGroups))
    func `an eager group hands partitions over and every record is read once`(kind: BrokerKind) throws {
        try handOver(kind, assignor: "range", isCooperative: false)
    }

    @Test(arguments: BrokerFixture.kinds(with: .cooperativeGroups))
    func `a cooperative group hands partitions over and every record is read once`(kind: BrokerKind) throws {
        try handOver(kind, assignor: "cooperative-sticky", isCooperative: true)
    }

    /// One member reads all; a second joins while the first is held, as in a database outage; the second leaves again.
    private func handOver(_ kind: BrokerKind, assignor: String, isCooperative: Bool) throws {
        let fixture = try TestBroker(kind)
        let topic = try fixture.makeTopic(partitions: 4)
        var settings = Self.hasty(fixture)
        settings.properties["partition.assignment.strategy"] = assignor
        let fill = { (count: Int) throws in
            try produce((0..<4 * count).map { ProducerRecord(topic: topic, partition: Int32($0 % 4), value: [1]) }, to: fixture.settings)
        }
        let store = Store()
        let group = TestBroker.uniqueName("group")
        try fill(50)
        let first = try Member(settings, group: group, topic: topic, store: store)
        try drive([first]) { store.count == 200 }
        #expect(first.owned.count == 4)

        try first.consumer.hold()
        try fill(50)
        let second = try Member(settings, group: group, topic: topic, store: store)
        try drive([first, second]) { first.owned.count == 2 && second.owned.count == 2 }
        try drive([first, second]) { store.count == 300 }
        #expect(first.consumer.assignment.isEmpty)
        #expect(first.owned.isDisjoint(with: second.owned))
        try first.consumer.release(startingAt: first.starts(first.owned))
        try drive([first, second]) { store.count == 400 }

        #expect(second.consumer.close() == .closed)
        try drive([first]) { first.owned.count == 4 }
        try fill(25)
        try drive([first]) { store.count == 500 }
        #expect((first.rebalances + second.rebalances).allSatisfy { $0.isCooperative == isCooperative })
        #expect(first.rebalances.allSatisfy { $0.kind != .lost })
        #expect(first.consumer.close() == .closed)
    }

    @Test func `a member that the broker forgot is told that its partitions are lost, and joins again`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 2)
        let store = Store()
        let member = try Member(Self.hasty(fixture), group: TestBroker.uniqueName("group"), topic: topic, store: store)
        try drive([member]) { member.owned.count == 2 }
        fixture.embedded?.fail(next: .heartbeat, with: [.unknownMember])
        try drive([member]) { member.rebalances.count >= 3 && member.owned.count == 2 }
        #expect(member.rebalances.map(\.kind) == [.assigned, .lost, .assigned])
        try produce([ProducerRecord(topic: topic, partition: 0, value: [1])], to: fixture.settings)
        try drive([member]) { store.count == 1 }
        #expect(member.consumer.close() == .closed)
    }

    @Test func `an unanswered rebalance is told again, and only the right answer is taken`() throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 1)
        let partition = TopicPartition(topic: topic, partition: 0)
        let consumer = try Consumer(Self.hasty(fixture), groupID: TestBroker.uniqueName("group"), logger: TestBroker.quiet)
        try consumer.subscribe([topic])
        let event = consumer.poll { if case .rebalance = $0 { true } else { false } }
        guard case .rebalance(let rebalance)? = event else { return }
        guard case .event(.rebalance(let again)) = consumer.poll(timeout: .zero) else {
            Issue.record("the rebalance was not told twice")
            return
        }
        #expect(again == rebalance)
        #expect(rebalance == Rebalance(kind: .assigned, partitions: [partition], isCooperative: false))
        let wrong = Rebalance(kind: .revoked, partitions: [partition], isCooperative: false)
        #expect(failure { () throws(KafkaError) in try consumer.complete(wrong) }?.code == .wrongState)
        try consumer.complete(rebalance, startingAt: [partition: .offset(0)])
        #expect(consumer.assignment == [partition])
        #expect(failure { () throws(KafkaError) in try consumer.complete(rebalance) }?.code == .wrongState)
        #expect(consumer.close() == .closed)
    }

    @Test(arguments: ["range", "cooperative-sticky"])
    func `a consumer can be closed with a rebalance unanswered`(assignor: String) throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 2)
        var settings = Self.hasty(fixture)
        settings.properties["partition.assignment.strategy"] = assignor
        let consumer = try Consumer(settings, groupID: TestBroker.uniqueName("group"), logger: TestBroker.quiet)
        try consumer.subscribe([topic])
        _ = consumer.poll { if case .rebalance = $0 { true } else { false } }
        #expect(consumer.close() == .closed)
    }

    @Test(arguments: ["range", "cooperative-sticky"])
    func `a partition that is refused stays unread, and can be read or given back later`(assignor: String) throws {
        let fixture = try TestBroker()
        let topic = try fixture.makeTopic(partitions: 2)
        var settings = Self.hasty(fixture)
        settings.properties["partition.assignment.strategy"] = assignor
        for partition in 0..<2 as Range<Int32> { try produce([ProducerRecord(topic: topic, partition: partition, value: [1])], to: fixture.settings) }
        let consumer = try Consumer(settings, groupID: TestBroker.uniqueName("group"), logger: TestBroker.quiet)
        try consumer.subscribe([topic])
        let refused = TopicPartition(topic: topic, partition: 0)
        let taken = TopicPartition(topic: topic, partition: 1)
        guard case .rebalance(let rebalance)? = consumer.poll(until: { if case .rebalance = $0 { true } else { false } }) else { return }
        try consumer.complete(rebalance, startingAt: [taken: .offset(0)])
        #expect(consumer.assignment == [taken])
        #expect(try consumer.readToEnd(of: [taken]).map(\.partition) == [1])

        try consumer.startFetching([refused: .offset(0)])
        #expect(try consumer.readToEnd(of: [refused]).map(\.partition) == [0])
        try consumer.stopFetching([refused])
        try consumer.unsubscribe()
        guard case .rebalance(let back)? = consumer.poll(until: { if case .rebalance = $0 { true } else { false } }) else { return }
        #expect(back.kind == .revoked)
        #expect(back.partitions == [refused, taken])
        try consumer.complete(back)
        #expect(consumer.assignment.isEmpty)
        #expect(consumer.close() == .closed)
    }

    /// Short sessions make the embedded broker's rebalances short: it waits for a session less a second, but 3 s for the first, which a session must outlive. Kafka takes
    /// none under 6 s.
    private static func hasty(_ fixture: TestBroker) -> KafkaSettings {
        var settings = fixture.settings
        if fixture.embedded != nil { settings.properties["session.timeout.ms"] = "4000" }
        settings.properties["heartbeat.interval.ms"] = "200"
        return settings
    }
}
