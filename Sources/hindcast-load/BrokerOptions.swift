import ArgumentParser
import Kafka
import Logging

/// Which cluster and topic.
struct BrokerOptions: ParsableArguments {
    @Option(help: "host:port of a broker.")
    var bootstrap: String

    @Option(help: "The topic; it is made where the broker lets topics be made.")
    var topic: String

    @Option(help: "How many partitions it has.")
    var partitions: Int32 = 4

    @Flag(help: "Do not make the topic: it is there, as in an embedded broker.")
    var existing = false

    @Option(name: .customLong("property"), help: "A property of the client library, as name=value.")
    var properties: [String] = []

    mutating func validate() throws {
        guard partitions > 0 else { throw ValidationError("--partitions is \(partitions), expected 1 or more") }
        for property in properties where !property.contains("=") { throw ValidationError("--property \(property) is no name=value") }
    }

    var settings: KafkaSettings {
        // Values of 1 MiB have to fit with what is around them; 64 MiB under way bound the memory of this program.
        var all = ["message.max.bytes": "4000000", "queue.buffering.max.kbytes": "65536"]
        for property in properties {
            let parts = property.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            all[String(parts[0])] = String(parts[1])
        }
        return KafkaSettings(bootstrapServers: bootstrap, properties: all)
    }

    /// Makes the topic unless it is there.
    func makeTopic(_ logger: Logger) throws {
        guard !existing else { return }
        // The properties are a producer's.
        let admin = try Admin(KafkaSettings(bootstrapServers: bootstrap), logger: logger)
        defer { _ = admin.close() }
        let results = try admin.createTopics([.init(topic, partitions: Int(partitions))], timeout: .seconds(10))
        if let error = results.first?.error, error.code != .topicAlreadyExists { throw error }
    }
}
