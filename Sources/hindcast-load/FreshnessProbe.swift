import Diagnostics
import EventLog
import JSON
import Kafka
import Logging
import Postgres
import Threading

/// Sends and watches on one thread: what is due is sent, then the view is asked.
final class FreshnessProbe {
    private static let interval: Duration = .milliseconds(5)

    private let topic: String
    private let mix: TelemetryMix
    private let producer: Producer
    private let deliveries: Deliveries
    private var connection: Connection
    private var partitions: [Int32: Int32] = [:]
    private var sent = 0

    /// Where reports put what the broker has: the messages of a partition in the order of their offsets.
    private final class Deliveries {
        var due: [ContinuousClock.Instant] = []
        var unseen: [Int32: [(offset: Int64, due: ContinuousClock.Instant)]] = [:]
        var failure: KafkaError?
    }

    init(broker: BrokerOptions, postgres: PostgresSettings, mix: TelemetryMix, logger: Logger) throws {
        topic = broker.topic
        self.mix = mix
        let deliveries = Deliveries()
        self.deliveries = deliveries
        producer = try Producer(broker.settings, logger: logger) { report in
            if let error = report.error { deliveries.failure = error }
            guard let offset = report.offset else { return }
            deliveries.unseen[report.partition, default: []].append((offset, deliveries.due[Int(report.id)]))
        }
        connection = try Connection(postgres, logger: logger)
    }

    /// Sends messages at a rate and gives each one's delay in microseconds; those that are not seen in time have none.
    func run(messages: Int, rate: Int, patience: Duration) throws -> [Int64] {
        deliveries.due = []
        var delays: [Int64] = []
        delays.reserveCapacity(messages)
        let began = ContinuousClock.now
        var next = 0
        var nextLook = began
        func due(_ number: Int) -> ContinuousClock.Instant { began + .nanoseconds(Int64(number) * 1_000_000_000 / Int64(rate)) }
        let deadline = due(messages) + patience
        while delays.count < messages, ContinuousClock.now < deadline {
            while next < messages, due(next) <= .now {
                try send(due: due(next), number: next)
                next += 1
            }
            if let failure = deliveries.failure { throw failure }
            let now = ContinuousClock.now
            if now >= nextLook {
                nextLook = now + Self.interval
                try look(&delays)
            }
            let wake = next < messages ? min(due(next), nextLook) : nextLook
            producer.poll(timeout: max(wake - .now, .zero))
        }
        return delays
    }

    private func send(due: ContinuousClock.Instant, number: Int) throws {
        let record = mix.record(sent, at: Timestamp(microseconds: WallClock.microseconds() / 1000 * 1000))
        sent += 1
        deliveries.due.append(due)
        try producer.produce(
            to: topic, partition: record.partition, key: record.key?.rawBytes, value: record.value?.rawBytes, headers: record.headers,
            timestamp: record.milliseconds, id: UInt64(number))
    }

    /// Asks the view how far each source's findings go; what lies below can be read now.
    private func look(_ delays: inout [Int64]) throws {
        let rows = try connection.query(SelectNewestFindings())
        let now = ContinuousClock.now
        for row in rows {
            guard let partition = try partition(of: row.source) else { continue }
            let unseen = deliveries.unseen[partition] ?? []
            let seen = unseen.prefix { $0.offset <= row.offset }
            for message in seen { delays.append((now - message.due).microseconds) }
            deliveries.unseen[partition]?.removeFirst(seen.count)
        }
    }

    private func partition(of source: Int32) throws(PostgresError) -> Int32? {
        if let known = partitions[source] { return known }
        for entry in try LogSources.all(on: &connection) where entry.topic == topic && !entry.isEnded { partitions[entry.sourceID] = entry.partition }
        return partitions[source]
    }
}

extension Duration {
    fileprivate var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}

/// How far the findings of each source go. A source's findings appear batch by batch, so whatever lies below its newest one is there.
private struct SelectNewestFindings: Statement {
    static let sql = "SELECT last_source, max(last_offset) FROM diagnostics.validation_findings GROUP BY last_source"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (source: Int32, offset: Int64) { (try row.int32(0), try row.int64(1)) }
}
