import Diagnostics
import Exports
import Glibc
import JSON
import Kafka
import LogSupport
import Postgres
import TestSupport
import Testing
import Threading

/// `export backfill` that is killed, asked to end and put to sleep: what is missing arrives all the same, each event under one id, and is counted once.
@Suite(.database) struct ExportKillTests {
    /// How many devices send one message each while the export is off.
    private static let devices = 300
    /// A message every two seconds: whoever has counted one is at work for long.
    private static let slowly = ["--rate", "0.5"]

    private let broker: TestBroker
    private let topic: String

    init() throws {
        broker = try TestBroker()
        topic = try broker.makeTopic(partitions: 2)
    }

    private var environment: [String: String] {
        TestDatabase.environment.merging(["HINDCAST_KAFKA_BOOTSTRAP_SERVERS": broker.broker.bootstrapServers]) { $1 }
    }

    private func time(_ seconds: Int) -> Timestamp { Timestamp(microseconds: Timestamp.sample.microseconds + Int64(seconds) * 1_000_000) }

    private func run(_ arguments: [String]) async throws -> Program.Outcome { try await Program.run(arguments, environment: environment) }

    /// An export that was on, off while the devices sent, and on again; the gap's id.
    private func missSomething() async throws -> String {
        for (isOn, seconds) in [(true, -3600), (false, 0), (true, 600)] {
            let file = try TemporaryFile(
                """
                {"exports": [{"id": "e", "enabled": \(isOn), "source": "telemetry", "destinations": [{"id": "d"}]}],
                 "destinations": [{"id": "d", "type": "kafka@v1", "topic": "exported"}]}
                """)
            let outcome = try await run(["export", "import", file.path, "--tenant", "app", "--at", time(seconds).rfc3339])
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        // Before and after it was off, something was delivered.
        try log.append(
            [.telemetry(device: "early", #"{"t":-1}"#, at: time(-10))]
                + (0..<Self.devices).map { .telemetry(device: "pump-\($0)", #"{"t":\#($0)}"#, at: time(1 + $0)) }
                + [.telemetry(device: "late", #"{"t":-2}"#, at: time(700))])
        let projected = try await run(["project", "--exit-at-end"])
        #expect(projected.status == 0, "\(projected.errors)")
        let gaps = try await run(["export", "gaps"])
        return try #require(gaps.lines.last?.split(separator: " ").first.map(String.init), "\(gaps.output)\(gaps.errors)")
    }

    private func command(_ gap: String) -> [String] { ["export", "backfill", gap, "--into", "kafka://\(topic)"] }

    /// Starts a backfill and returns once it has counted a chunk more.
    private func start(_ arguments: [String]) async throws -> Program {
        let before = try counted()
        let program = try Program(arguments, environment: environment)
        try await waitUntil { try counted() > before }
        return program
    }

    private func counted() throws -> Int64 {
        var connection = try TestDatabase.connect()
        return try connection.queryOne(SumSent()) ?? 0
    }

    /// Ends the lease of a process that is no more as time would.
    private func endLease() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(script: "UPDATE hindcast.export_backfill SET lease_until = clock_timestamp() + interval '1 second'")
    }

    /// What the topic has: how often each id, and the events' values.
    private func delivered() throws -> (ids: [String: Int], values: Set<String>) {
        var (ids, values): ([String: Int], Set<String>) = ([:], [])
        var nameless = 0
        var destination = try DestinationTopic(topic: topic, since: nil, settings: broker.settings, logger: TestBroker.quiet)
        try destination.read { record in
            guard BackfillIdentity.isBackfill(record.headers), let range = HeaderReader.value(named: "ce_id", in: record.headers) else {
                nameless += 1
                return
            }
            var (id, value): ([UInt8], [UInt8]) = ([], [])
            record.headers.extracting(range).append(to: &id)
            record.payload?.append(to: &value)
            ids[String(decoding: id, as: UTF8.self), default: 0] += 1
            values.insert(String(decoding: value, as: UTF8.self))
        }
        destination.close()
        #expect(nameless == 0, "messages without an id")
        return (ids, values)
    }

    /// Everything that was missing is there, nothing else, each under one id, counted once, and a comparison finds it.
    private func check(_ gap: String) async throws {
        let (ids, values) = try delivered()
        #expect(ids.count == Self.devices && ids.keys.allSatisfy { $0.utf8.count == 32 })
        let expected = (0..<Self.devices).map { SampleRecord.telemetry(device: "pump-\($0)", #"{"t":\#($0)}"#, at: time(1 + $0)) }
        #expect(values == Set(expected.map { String(decoding: $0.payload ?? [], as: UTF8.self) }))
        #expect(try counted() == Int64(Self.devices))
        let compared = try await run([
            "export", "reconcile", "e", "--tenant", "app", "--destination", "d", "--topic", topic, "--from", time(0).rfc3339, "--to",
            time(600).rfc3339,
            "--format", "json",
        ])
        #expect(compared.status == 0, "\(compared.output)\(compared.errors)")
        let repeats = ids.values.reduce(0, +) - ids.count
        for (name, count) in [("delivered", Self.devices), ("missing", 0), ("repeated", repeats), ("unexpected", 0)] {
            #expect(compared.output.contains("\"\(name)\":\(count)"), "\(compared.output)")
        }
        #expect(try await run(["project", "--exit-at-end"]).status == 0)
        let filled = try await run(["export", "gaps", "--state", "filled", "--format", "json"])
        #expect(filled.output.contains(gap) && filled.output.contains(#""backfilled_events":\#(Self.devices)"#), "\(filled.output)")
    }

    @Test func `killed and interrupted, it goes on with the same command until everything is there`() async throws {
        let gap = try await missSomething()
        let first = try await start(command(gap) + Self.slowly)
        first.signal(SIGKILL)
        #expect(try await first.outcome().status == -SIGKILL)
        let second = try await start(command(gap) + Self.slowly + ["--take-over"])
        second.signal(SIGKILL)
        #expect(try await second.outcome().status == -SIGKILL)
        // Nobody has to say that the dead are dead: their lease ends.
        try endLease()
        let third = try await start(command(gap) + Self.slowly)
        third.signal(SIGTERM)
        let interrupted = try await third.outcome()
        #expect(interrupted.status == 3, "\(interrupted.errors)")
        #expect(interrupted.errors.contains("nothing is lost"), "\(interrupted.errors)")
        // Whoever was asked to end has given it back.
        let last = try await run(command(gap))
        #expect(last.status == 0 && last.output.contains("\(Self.devices) events sent"), "\(last.output)\(last.errors)")
        try await check(gap)
    }

    @Test func `one that slept while another one took over counts nothing and ends with 7`() async throws {
        let gap = try await missSomething()
        let slept = try await start(command(gap) + Self.slowly)
        slept.signal(SIGSTOP)
        let owner = try await start(command(gap) + Self.slowly + ["--take-over"])
        slept.signal(SIGCONT)
        let fenced = try await slept.outcome()
        #expect(fenced.status == 7 && fenced.errors.contains("under the same ids"), "\(fenced.status) \(fenced.errors)")
        owner.signal(SIGTERM)
        #expect(try await owner.outcome().status == 3)
        let last = try await run(command(gap))
        #expect(last.status == 0, "\(last.errors)")
        try await check(gap)
    }

    @Test func `a second one leaves the first at work`() async throws {
        let gap = try await missSomething()
        let first = try await start(command(gap) + Self.slowly)
        let second = try await run(command(gap))
        #expect(second.status == 7 && second.errors.contains("--take-over"), "\(second.status) \(second.errors)")
        first.signal(SIGTERM)
        #expect(try await first.outcome().status == 3)
        #expect(try await run(command(gap)).status == 0)
        try await check(gap)
    }
}

private struct SumSent: Statement {
    static let sql = "SELECT coalesce(sum(sent), 0)::bigint FROM hindcast.export_backfill"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
