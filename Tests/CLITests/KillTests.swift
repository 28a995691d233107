import Diagnostics
import EventLog
import Foundation
import Kafka
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// `kill -9` at the worst moments, on the program as its users run it.
@Suite(.database) struct KillTests {
    private static let count = 6000
    private static let partitions: Int32 = 2

    /// A topic with as many records as the tests read, of which every third has a fault.
    private func makeTopic(on broker: TestBroker) throws -> String {
        let topic = try broker.makeTopic(partitions: Int(Self.partitions))
        try send(Self.count, to: topic, on: broker)
        return topic
    }

    private func send(_ count: Int, to topic: String, on broker: TestBroker) throws {
        let producer = try Producer(broker.settings, logger: TestBroker.quiet)
        for number in 0..<count {
            let record = SampleRecord.telemetry(
                device: "pump-\(number % 40)", number % 3 == 0 ? "{\"flow\":\"\(number)\"}" : "{\"flow\":\(number)}", template: CaptureText.templateID
            )
            try producer.produce(
                ProducerRecord(
                    topic: topic, partition: Int32(number) % Self.partitions, key: record.key, value: record.payload, headers: [],
                    timestamp: Timestamp.sample.microseconds / 1000))
        }
        try producer.flush(timeout: .patience)
        _ = try producer.close(within: .patience)
    }

    private func environment(_ broker: TestBroker, _ topic: String) -> [String: String] {
        TestDatabase.environment.merging([
            "HINDCAST_KAFKA_BOOTSTRAP_SERVERS": broker.broker.bootstrapServers, "HINDCAST_INGEST_TOPICS": topic, "HINDCAST_INGEST_BATCH_ROWS": "40",
            "HINDCAST_PROJECT_BATCH_ROWS": "40", "HINDCAST_PROJECT_LEASE_SECONDS": "1",
        ]) { _, new in new }
    }

    private func fixed(_ topic: String) -> [String] { (0..<Self.partitions).flatMap { ["--partition", "\(topic):\($0)"] } }

    /// Starts the program, kills it once a count has passed a mark, and does so for every mark.
    private func run(_ arguments: [String], _ environment: [String: String], killedAt marks: [Int64], of count: some Statement) async throws {
        for mark in marks {
            let program = try Program(arguments, environment: environment, keepsInputOpen: true)
            try await waitUntil { try await Self.number(count) >= mark }
            program.signal(SIGKILL)
            let outcome = try await program.outcome()
            #expect(outcome.status == -SIGKILL, "it was still at work: \(outcome.errors)")
        }
    }

    private static func number<S: Statement>(_ count: S) async throws -> Int64 {
        var connection = try TestDatabase.connect()
        return try connection.queryOne(count) as? Int64 ?? 0
    }

    @Test func `ingest that is killed loses nothing and writes nothing twice (I1, I6)`() async throws {
        let broker = try TestBroker()
        let topic = try makeTopic(on: broker)
        let environment = environment(broker, topic)
        try await run(["ingest"] + fixed(topic), environment, killedAt: [500, 2000, 4500], of: SumOffsets())
        let last = try await Program.run(["ingest", "--exit-at-end"] + fixed(topic), environment: environment)
        #expect(last.status == 0, "\(last.errors)")
        var connection = try TestDatabase.connect()
        var payloads: Set<[UInt8]> = []
        for source in try LogSources.all(on: &connection) {
            let events = try ReadEvent.all(of: source.sourceID, page: 5000, on: &connection)
            #expect(events.map(\.offset) == Array(0..<Int64(Self.count) / Int64(Self.partitions)))
            for event in events { payloads.insert(event.payload ?? []) }
            #expect(try LogVerifier().verify(source: source.sourceID, on: &connection).fault == nil)
        }
        #expect(payloads.count == Self.count)
    }

    @Test func `projections that are killed end with the digest of an undisturbed run (I4, I6)`() async throws {
        let broker = try TestBroker()
        let topic = try makeTopic(on: broker)
        let environment = environment(broker, topic)
        let template = try TemporaryFile(CaptureText.template, suffix: ".json")
        #expect(try await Program.run(["template", "publish", template.path], environment: environment).status == 0)
        #expect(try await Program.run(["ingest", "--exit-at-end"] + fixed(topic), environment: environment).status == 0)

        try await run(["project"], environment, killedAt: [500, 2000, 4500], of: SumCheckpoints())
        let last = try await Program.run(["project", "--exit-at-end"], environment: environment)
        #expect(last.status == 0, "\(last.errors)")
        var admin = try TestDatabase.connect()
        let disturbed = try ProjectionDigest.read(generation: 1, on: &admin)
        #expect(disturbed.findings.count == Int64(Self.count / 3))

        try forgetFolds(on: &admin)
        let again = try await Program.run(["project", "--exit-at-end"], environment: environment)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try ProjectionDigest.read(generation: 1, on: &admin) == disturbed)
    }

    @Test func `of two processes on one source one ends with 7`() async throws {
        let broker = try TestBroker()
        let topic = try makeTopic(on: broker)
        let environment = environment(broker, topic)
        let first = try Program(["ingest"] + fixed(topic), environment: environment, keepsInputOpen: true)
        try await waitUntil { try await Self.number(SumOffsets()) > 100 }
        let second = try await Program.run(["ingest", "--exit-at-end"] + fixed(topic), environment: environment)
        #expect(second.status == 0, "\(second.errors)")
        // The first one may have been done before the second one came: it notices when it writes again.
        try send(Int(Self.partitions), to: topic, on: broker)
        let outcome = try await first.outcome()
        #expect(outcome.status == 7, "\(outcome.errors)")
        #expect(try await Self.number(SumOffsets()) == Int64(Self.count))
    }
}

private struct SumOffsets: Statement {
    static let sql = "SELECT coalesce(sum(next_offset), 0)::bigint FROM hindcast.source_cursor"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct SumCheckpoints: Statement {
    static let sql = "SELECT coalesce(sum(next_offset), 0)::bigint FROM hindcast.projection_checkpoint WHERE projection = 'finding'"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
