import ArgumentParser
import Glibc
import Kafka

/// `hindcast embedded-broker`.
struct EmbeddedBrokerCommand: ParsableCommand {
    /// A topic to make, as `telemetry:16`.
    struct Topic: ExpressibleByArgument, Hashable {
        let name: String
        let partitions: Int

        init?(argument: String) {
            guard let colon = argument.lastIndex(of: ":"), let partitions = Int(argument[argument.index(after: colon)...]),
                (1...1024).contains(partitions),
                colon != argument.startIndex
            else { return nil }
            name = String(argument[..<colon])
            self.partitions = partitions
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "embedded-broker",
        abstract: "Runs a small Kafka broker for tests and demonstrations; not for data that matters.",
        discussion: """
            It is bounded and volatile: a partition keeps 5 MiB as sent, after which the oldest is dropped without a word, and everything is gone when \
            it ends. It listens on 127.0.0.1 only. Once it does, it writes one line of JSON with its address to standard output; it ends on SIGTERM, or when \
            standard input is closed, so that it never outlives who started it.

            Examples:
              hindcast embedded-broker --topic telemetry:16 < <(sleep infinity)
            """)

    @Option(name: .customLong("topic"), help: ArgumentHelp("A topic and how many partitions it has; may be repeated.", valueName: "name:partitions"))
    var topics: [Topic]

    func run() throws {
        let signals = SignalWait([SIGTERM, SIGINT, SIGHUP])
        let broker = try EmbeddedBroker(topics: topics.map { ($0.name, $0.partitions) })
        defer { broker.close() }
        let names = topics.map { "\($0.name) (\($0.partitions) partitions)" }.joined(separator: ", ")
        Output.error(
            "hindcast: embedded broker on \(broker.bootstrapServers) with \(names): bounded (5 MiB a partition, then the oldest is dropped) and volatile (gone when it ends)."
        )
        Output.line(Announcement.line(bootstrapServers: broker.bootstrapServers, topics: topics.map(\.name)))
        signals.wait(orEndOf: STDIN_FILENO)
    }
}
