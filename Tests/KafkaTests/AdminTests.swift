import Kafka
import TestSupport
import Testing

@Suite struct AdminTests {
    @Test func `the client library is new enough for the brokers that the environment names`() {
        let isTansuNamed = BrokerFixture.external.contains { $0.name == "tansu" }
        #expect(!isTansuNamed || KafkaLibrary.versionNumber >= 0x0202_0000, "HINDCAST_TEST_TANSU needs LD_PRELOAD: see scripts/test-broker")
        #expect(KafkaLibrary.versionNumber >= 0x0200_0200, "Debian 12 has 2.0.2, and nothing older is tested")
    }

    @Test(arguments: BrokerFixture.kinds(with: .topicAdministration))
    func `topics are made, listed, refused a second time, and deleted`(kind: BrokerKind) throws {
        let fixture = try TestBroker(kind)
        let admin = try Admin(fixture.settings, logger: TestBroker.quiet)
        let name = TestBroker.uniqueName("admin")
        #expect(try admin.createTopics([.init(name, partitions: 3)], timeout: .patience) == [.init(name: name)])
        #expect(try admin.topic(name, timeout: .patience) == TopicMetadata(name: name, partitions: 3))
        #expect(try admin.topics(timeout: .patience).contains(TopicMetadata(name: name, partitions: 3)))
        let again = try admin.createTopics([.init(name, partitions: 3)], timeout: .patience)
        #expect(again.map(\.name) == [name])
        #expect(again.first?.error?.code == .topicAlreadyExists)
        #expect(try admin.deleteTopics([name], timeout: .patience) == [.init(name: name)])
        #expect(admin.close() == .closed)
    }

    @Test func `the embedded broker lists the topics it was given`() throws {
        let broker = try EmbeddedBroker(topics: [("a", 1), ("b", 3)])
        defer { broker.close() }
        let admin = try Admin(KafkaSettings(bootstrapServers: broker.bootstrapServers), logger: TestBroker.quiet)
        let topics = try admin.topics(timeout: .patience).sorted { $0.name < $1.name }
        #expect(topics == [TopicMetadata(name: "a", partitions: 1), TopicMetadata(name: "b", partitions: 3)])
        #expect(admin.clusterID(timeout: .patience)?.hasPrefix("mockCluster") == true)
        #expect(admin.close() == .closed)
    }

    @Test func `a topic that cannot be is refused with its name`() throws {
        let admin = try Admin(KafkaSettings(bootstrapServers: "127.0.0.1:1"), logger: TestBroker.quiet)
        let error = failure { () throws(KafkaError) in _ = try admin.createTopics([.init("t", partitions: -5)], timeout: .seconds(1)) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("topic t") == true)
        #expect(admin.close() == .closed)
    }

    @Test func `a cluster that does not answer is an error with a reason`() throws {
        let admin = try Admin(KafkaSettings(bootstrapServers: "127.0.0.1:1"), logger: TestBroker.quiet)
        let error = failure { () throws(KafkaError) in _ = try admin.topics(timeout: .milliseconds(300)) }
        #expect(error?.isRetriable == true)
        #expect(error?.message.contains("metadata") == true)
        #expect(admin.clusterID(timeout: .milliseconds(50)) == nil)
        #expect(admin.close() == .closed)
    }
}
