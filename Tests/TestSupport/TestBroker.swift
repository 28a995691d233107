package import Kafka
package import Logging

/// A broker for one test: started for it, or one that is there already.
///
/// Topics get names of their own, so that tests share an external broker without seeing each other.
package final class TestBroker {
    package let broker: Broker
    /// The broker in this process, where it is that one: for faults.
    package let embedded: EmbeddedBroker?
    private var made: [String] = []

    /// Takes or starts the broker.
    package init(_ kind: BrokerKind = .embedded, brokers: Int = 1) throws(KafkaError) {
        switch kind {
        case .embedded:
            let embedded = try EmbeddedBroker(topics: [], brokers: brokers)
            self.embedded = embedded
            broker = Broker(name: "embedded", bootstrapServers: embedded.bootstrapServers, abilities: BrokerFixture.embeddedAbilities)
        case .external(let broker):
            embedded = nil
            self.broker = broker
        }
    }

    package var settings: KafkaSettings { broker.settings }

    /// A topic that no other test has.
    package func makeTopic(partitions: Int) throws(KafkaError) -> String {
        let name = Self.uniqueName("topic")
        if let embedded {
            try embedded.createTopic(name, partitions: partitions)
        } else {
            let admin = try Admin(broker.settings, logger: Self.quiet)
            defer { _ = admin.close() }
            if let error = try admin.createTopics([.init(name, partitions: partitions)], timeout: .patience).first?.error { throw error }
            made.append(name)
        }
        return name
    }

    /// A name that no other test has, for a group for example.
    package static func uniqueName(_ what: String) -> String {
        "hindcast-test-\(what)-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// Says nothing: a test that passes prints nothing.
    package static var quiet: Logger { Logger(label: "test.kafka", factory: { _ in SwiftLogNoOpLogHandler() }) }

    deinit {
        if !made.isEmpty, let admin = try? Admin(broker.settings, logger: Self.quiet) {
            _ = try? admin.deleteTopics(made, timeout: .patience)
            _ = admin.close()
        }
        embedded?.close()
    }
}
