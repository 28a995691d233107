package import Kafka

/// A broker that a test may run on, and what is known of it: docs/compatibility.md has the table.
package struct Broker: Sendable, CustomStringConvertible {
    /// Which broker, for a test's name.
    package var name: String
    /// `host:port` of its brokers.
    package var bootstrapServers: String
    /// What it does as Kafka would.
    package var abilities: BrokerAbilities

    package init(name: String, bootstrapServers: String, abilities: BrokerAbilities) {
        self.name = name
        self.bootstrapServers = bootstrapServers
        self.abilities = abilities
    }

    package var description: String { name }

    /// How to reach it, with shorter waits than a service would take.
    package var settings: KafkaSettings {
        KafkaSettings(bootstrapServers: bootstrapServers, properties: ["session.timeout.ms": "6000", "heartbeat.interval.ms": "500"])
    }
}

/// What a broker does as Kafka would. A test names what it needs and runs where that is given.
package struct BrokerAbilities: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Topics are made and deleted over the wire.
    package static let topicAdministration = Self(rawValue: 1 << 0)
    /// ListOffsets answers the end of a partition rightly.
    package static let endOffsets = Self(rawValue: 1 << 1)
    /// An offset outside the log is answered with an error.
    package static let offsetOutOfRange = Self(rawValue: 1 << 2)
    /// Offsets are found by time.
    package static let offsetsByTime = Self(rawValue: 1 << 3)
    /// Members of a group come and go with an eager assignor.
    package static let eagerGroups = Self(rawValue: 1 << 4)
    /// The same with the cooperative one.
    package static let cooperativeGroups = Self(rawValue: 1 << 5)
    /// Readers of committed records do not see aborted ones.
    package static let readCommitted = Self(rawValue: 1 << 6)
    /// Answers can be made to fail, since the broker is in this process.
    package static let faults = Self(rawValue: 1 << 7)
    /// The partition's size is bounded and the oldest records are dropped without a word.
    package static let dropsOldest = Self(rawValue: 1 << 8)
}
