import Diagnostics
import EventLog
import Glibc
import Logging
import Synchronization

/// Keeps an embedded broker running: one that dies is replaced by another, which is a new cluster with nothing in it.
final class BrokerSupervisor: Sendable {
    /// How long a broker has to live for its end not to count as a failure to start.
    private static let probation = Duration.seconds(10)
    /// How many brokers in a row may fail to start.
    private static let attempts = 5

    private let topics: [String]
    private let logger: Logger
    private let current = Mutex<BrokerProcess?>(nil)

    init(topics: [String], logger: Logger) {
        self.topics = topics
        self.logger = logger
    }

    /// Runs `body` with each broker's address and a name that no other life of a broker has, until it returns, throws or is cancelled.
    func run(_ body: @escaping @Sendable (_ bootstrapServers: String, _ life: String) async throws -> Void) async throws {
        var failures = 0
        while true {
            let begun = ContinuousClock.now
            let broker = try await BrokerProcess.start(topics: topics)
            current.withLock { $0 = broker }
            let life = "\(LogSources.embeddedPrefix)\(Clock.now.rfc3339)-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
            logger.info("Started the embedded broker", metadata: ["kafka.bootstrap": "\(broker.bootstrapServers)", "process.pid": "\(broker.pid)"])
            let isReplaced = try await Self.race(broker) { try await body(broker.bootstrapServers, life) }
            guard isReplaced, !Task.isCancelled else {
                await broker.stop()
                return
            }
            failures = ContinuousClock.now - begun < Self.probation ? failures + 1 : 0
            let end = broker.end.map { "\($0)" } ?? "ended"
            guard failures < Self.attempts else {
                throw OperatorError(.broker, "The embedded broker \(end), \(failures) times in a row soon after its start.")
            }
            logger.error("The embedded broker died; starting another, without what the old one still held", metadata: ["process.end": "\(end)"])
            try await Task.sleep(for: .milliseconds(500 * failures))
        }
    }

    /// Stops the broker where one still runs.
    func stop() async { await current.withLock { $0 }?.stop() }

    /// Runs work until the broker ends; true where it did so before the work was through.
    private static func race(_ broker: BrokerProcess, _ work: @escaping @Sendable () async throws -> Void) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                _ = await broker.ended()
                return true
            }
            group.addTask {
                do {
                    try await work()
                } catch {
                    // What fails because its broker is gone is not the cause.
                    if broker.end == nil { throw error }
                    return true
                }
                return false
            }
            let first = try await group.next() ?? false
            group.cancelAll()
            while try await group.next() != nil {}
            return first
        }
    }
}
