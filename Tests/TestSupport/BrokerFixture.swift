import Glibc

/// The brokers of a test run: the embedded one always, others where the environment names them.
package enum BrokerFixture {
    /// The brokers outside this process: `HINDCAST_TEST_TANSU` (see `scripts/test-broker`) and `KAFKA_BOOTSTRAP` (any cluster of the reader's own).
    package static let external: [Broker] = {
        var brokers: [Broker] = []
        if let address = environment("HINDCAST_TEST_TANSU") {
            brokers.append(Broker(name: "tansu", bootstrapServers: address, abilities: tansuAbilities))
        }
        if let address = environment("KAFKA_BOOTSTRAP") {
            brokers.append(Broker(name: "KAFKA_BOOTSTRAP", bootstrapServers: address, abilities: kafkaAbilities))
        }
        return brokers
    }()

    /// The kinds to run a parameterised test on that needs `abilities`.
    package static func kinds(with abilities: BrokerAbilities = []) -> [BrokerKind] {
        let embedded: [BrokerKind] = embeddedAbilities.isSuperset(of: abilities) ? [.embedded] : []
        return embedded + external.filter { $0.abilities.isSuperset(of: abilities) }.map(BrokerKind.external)
    }

    static let embeddedAbilities: BrokerAbilities = [.endOffsets, .offsetOutOfRange, .eagerGroups, .cooperativeGroups, .faults, .dropsOldest]
    private static let tansuAbilities: BrokerAbilities = [.topicAdministration, .eagerGroups, .cooperativeGroups]
    private static let kafkaAbilities: BrokerAbilities = [
        .topicAdministration, .endOffsets, .offsetOutOfRange, .offsetsByTime, .eagerGroups, .cooperativeGroups, .readCommitted,
    ]

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe String(cString: value)
    }
}

/// One of the brokers a parameterised test runs on.
package enum BrokerKind: Sendable, CustomStringConvertible {
    case embedded
    case external(Broker)

    package var description: String {
        switch self {
        case .embedded: "embedded"
        case .external(let broker): broker.name
        }
    }
}
