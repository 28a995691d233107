import Diagnostics
import Foundation
import Kafka
import LogSupport
import Postgres
import TestSupport
import Testing

/// Finding out what a destination lacks, and giving it back, as an operator does.
@Suite(.database) struct ExportBackfillTests {
    private static let exports = """
        {"exports": [{"id": "e", "enabled": true, "source": "telemetry", "destinations": [{"id": "d"}]}],
         "destinations": [{"id": "d", "type": "kafka@v1", "topic": "exported"}]}
        """

    /// How many devices send one message each while the export is off.
    private static let devices = 300

    private func run(_ arguments: [String], _ environment: [String: String]) async throws -> Program.Outcome {
        try await Program.run(["export"] + arguments, environment: environment)
    }

    /// An export that is switched off, devices that send meanwhile, and its being switched on again.
    private func missSomething() async throws {
        let file = try TemporaryFile(Self.exports)
        let outcome = try await run(["import", file.path, "--tenant", "app", "--at", "2020-01-01T00:00:00Z"], TestDatabase.environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append(
            [.toggled("e", false, at: time(0))] + (1...Self.devices).map { .telemetry(device: "pump-\($0)", #"{"t":\#($0)}"#, at: time($0)) }
                + [.toggled("e", true, at: time(600))])
        let projected = try await Program.run(["project", "--exit-at-end"], environment: TestDatabase.environment)
        #expect(projected.status == 0, "\(projected.errors)")
    }

    private func time(_ seconds: Int) -> Timestamp { Timestamp(microseconds: Timestamp.sample.microseconds + Int64(seconds) * 1_000_000) }

    private func gap() async throws -> String {
        let gaps = try await run(["gaps"], TestDatabase.environment)
        return try #require(gaps.lines.last?.split(separator: " ").first.map(String.init), "\(gaps.output)\(gaps.errors)")
    }

    @Test func `what a comparison finds missing is sent into the topic, and the next comparison finds nothing missing`() async throws {
        try await missSomething()
        let broker = try TestBroker()
        let topic = try broker.makeTopic(partitions: 2)
        let environment = TestDatabase.environment.merging(["HINDCAST_KAFKA_BOOTSTRAP_SERVERS": broker.broker.bootstrapServers]) { $1 }
        let compare = ["reconcile", "e", "--tenant", "app", "--destination", "d", "--topic", topic, "--format", "json"]
        let before = try await run(compare, environment)
        #expect(before.status == 1, "\(before.errors)")
        #expect(before.output.contains(#""missing":\#(Self.devices),"#) && before.output.contains(#""delivered":0,"#), "\(before.output)")
        let projected = try await Program.run(["project", "--exit-at-end"], environment: TestDatabase.environment)
        #expect(projected.status == 0, "\(projected.errors)")
        let id = try await gap()
        let forecast = try await run(["backfill", id, "--into", "kafka://\(topic)", "--dry-run"], environment)
        #expect(forecast.status == 0, "\(forecast.errors)")
        #expect(forecast.output.contains("of \(Self.devices) events of \(Self.devices) devices"), "\(forecast.output)")
        #expect(try await run(compare, environment).output.contains(#""missing":\#(Self.devices),"#), "a dry run sends nothing")
        let sent = try await run(["backfill", id, "--into", "kafka://\(topic)"], environment)
        #expect(sent.status == 0 && sent.output.contains("\(Self.devices) events sent"), "\(sent.output)\(sent.errors)")
        let again = try await run(["backfill", id, "--into", "kafka://\(topic)"], environment)
        #expect(again.status == 0 && again.output.contains("before"), "\(again.output)\(again.errors)")
        let after = try await run(compare, environment)
        #expect(after.status == 0, "\(after.output)\(after.errors)")
        #expect(after.output.contains(#""delivered":\#(Self.devices),"#) && after.output.contains(#""missing":0,"#), "\(after.output)")
        #expect(after.output.contains(#""repeated":0,"#) && after.output.contains(#""unexpected":0"#), "\(after.output)")
        #expect(try await Program.run(["project", "--exit-at-end"], environment: TestDatabase.environment).status == 0)
        let filled = try await run(["gaps", "--state", "filled", "--format", "json"], TestDatabase.environment)
        #expect(filled.output.contains(#""backfilled_events":\#(Self.devices)"#), "\(filled.output)")
    }

    @Test func `what was missed is written into files, each line with its id`() async throws {
        try await missSomething()
        let folder = try TemporaryFile("")
        let id = try await gap()
        let directory = "\(folder.path).d"
        let sent = try await run(["backfill", id, "--into", "file:\(directory)"], TestDatabase.environment)
        #expect(sent.status == 0 && sent.output.contains("\(Self.devices) events sent"), "\(sent.output)\(sent.errors)")
        let gaps = try await run(["gaps", "--state", "filled"], TestDatabase.environment)
        #expect(gaps.output.contains(id), "\(gaps.output)")
    }

    @Test func `what is given back again or elsewhere does not count twice`() async throws {
        try await missSomething()
        let folder = try TemporaryFile("")
        let id = try await gap()
        for (name, more, backfilled, state) in [
            ("few", ["--devices", "pump-1*"], 111, "partly-filled"), ("few", ["--devices", "pump-1*", "--again"], 111, "partly-filled"),
            ("others", ["--devices", "pump-1*"], 111, "partly-filled"), ("all", [], Self.devices, "filled"), ("again", [], Self.devices, "filled"),
        ] {
            let sent = try await run(["backfill", id, "--into", "file:\(folder.path).\(name)"] + more, TestDatabase.environment)
            #expect(sent.status == 0 && sent.output.contains("\(backfilled) events sent"), "\(sent.output)\(sent.errors)")
            let gaps = try await run(["gaps", "--state", state, "--format", "json"], TestDatabase.environment)
            #expect(gaps.output.contains(#""backfilled_events":\#(backfilled),"#), "\(gaps.output)")
        }
    }

    @Test func `two backfills into one directory leave each other's files alone`() async throws {
        try await missSomething()
        let folder = try TemporaryFile("")
        let (id, directory) = (try await gap(), "\(folder.path).d")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        // Both begin with the same event.
        for pattern in ["pump-1*", "pump-1"] {
            let sent = try await run(["backfill", id, "--devices", pattern, "--into", "file:\(directory)"], TestDatabase.environment)
            #expect(sent.status == 0, "\(sent.errors)")
        }
        let files = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") } ?? []
        let lines = try files.flatMap { try String(contentsOfFile: "\(directory)/\($0)", encoding: .utf8).split(separator: "\n") }
        #expect(lines.count == (1...Self.devices).count { "\($0)".hasPrefix("1") } + 1)
    }

    @Test func `a wrong request is refused with what to do, and nothing begins`() async throws {
        try await missSomething()
        let id = try await gap()
        for arguments in [
            ["backfill", "0123456789abcdef", "--into", "file:/tmp/nowhere"], ["backfill", id, "--into", "ftp://host"],
            ["backfill", "--into", "file:/tmp/nowhere"], ["backfill", id, "--into", "kafka://exported", "--compress"],
            ["reconcile", "unknown", "--tenant", "app", "--destination", "d", "--topic", "t"],
        ] {
            let outcome = try await run(arguments, TestDatabase.environment)
            #expect(outcome.status == 2, "\(arguments): \(outcome.status) \(outcome.errors)")
        }
        var superuser = try TestDatabase.connect()
        #expect(try superuser.queryOne(CountBackfills()) == 0)
    }
}

private struct CountBackfills: Statement {
    static let sql = "SELECT count(*) FROM hindcast.export_backfill"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
