import Diagnostics
import JSON
import Kafka
import LogSupport
import Postgres
import TestSupport
import Testing

@testable import hindcast

/// A destination that is compared by a capture of its topic.
@Suite(.database) struct ExportCaptureTests {
    /// How many devices' messages the destination has; every tenth twice.
    private static let delivered = 100

    /// What the destination has: its records as a producer sends them, and as a capture holds them.
    private struct Destination {
        var records: [ProducerRecord] = []
        var lines: [String] = []
    }

    private func destination(_ topic: String) -> Destination {
        var destination = Destination()
        for number in 1...Self.delivered + Self.delivered / 10 {
            let device = number <= Self.delivered ? number : (number - Self.delivered) * 10
            let sample = SampleRecord.telemetry(device: "pump-\(device)", #"{"t":\#(device)}"#, at: MissedTelemetry.time(device))
            let (key, payload) = (sample.key ?? [], sample.payload ?? [])
            // Some come late.
            let milliseconds = MissedTelemetry.time(device).microseconds / 1000 + (device % 7 == 0 ? 600_000 : 1000)
            destination.records.append(
                ProducerRecord(topic: topic, partition: 0, key: key, value: payload, timestamp: milliseconds))
            destination.lines.append(
                JSONTree.object([
                    "topic": .string(topic), "partition": .integer(0), "offset": .integer(number - 1), "tstype": .string("create"),
                    "ts": .integer(milliseconds), "key": .string(String(decoding: key, as: UTF8.self)),
                    "payload": .string(String(decoding: payload, as: UTF8.self)),
                ]).onOneLine)
        }
        return destination
    }

    private func compare(_ more: [String], _ environment: [String: String] = TestDatabase.environment) async throws -> Program.Outcome {
        let times = ["--from", MissedTelemetry.time(-100).rfc3339, "--to", MissedTelemetry.time(500).rfc3339]
        return try await MissedTelemetry.export(
            ["reconcile", "e", "--tenant", "app", "--destination", "d", "--format", "json"] + times + more, environment)
    }

    /// An answer without the number under which it is kept.
    private func answer(_ outcome: Program.Outcome) throws -> JSONTree {
        JSONTree.object(try JSONTree.parse(Array(outcome.output.utf8)).members.filter { $0.key != "reconciliation" })
    }

    private func kept() throws -> [KeptComparison] {
        var superuser = try TestDatabase.connect()
        return try superuser.query(SelectKept())
    }

    @Test func `a capture of the topic says what the topic says`() async throws {
        try await MissedTelemetry.prepare()
        let broker = try TestBroker()
        let topic = try broker.makeTopic(partitions: 1)
        let destination = destination(topic)
        let producer = try Producer(broker.settings, logger: TestBroker.quiet)
        for record in destination.records { try producer.produce(record) }
        try producer.flush(timeout: .seconds(30))
        _ = try producer.close(within: .seconds(10))
        let environment = TestDatabase.environment.merging(["HINDCAST_KAFKA_BOOTSTRAP_SERVERS": broker.broker.bootstrapServers]) { $1 }
        let byTopic = try await compare(["--topic", topic], environment)
        #expect(byTopic.status == 1, "\(byTopic.output)\(byTopic.errors)")
        // No cluster is named, and empty lines hold nothing.
        let capture = try TemporaryFile(destination.lines.joined(separator: "\n\n"))
        let byCapture = try await compare(["--capture", capture.path])
        #expect(byCapture.status == 1, "\(byCapture.output)\(byCapture.errors)")
        #expect(try answer(byCapture) == answer(byTopic), "\(byCapture.output)\(byTopic.output)")
        let text = byCapture.output
        #expect(text.contains(#""expected":\#(MissedTelemetry.devices),"delivered":\#(Self.delivered),"#), "\(text)")
        #expect(text.contains(#""repeated":\#(Self.delivered / 10),"late":\#(Self.delivered / 7),"unexpected":0"#), "\(text)")
        let kept = try kept()
        #expect(kept.count == 2)
        #expect(kept.allSatisfy { $0.missing == Int64(MissedTelemetry.devices - Self.delivered) })
        #expect(Set(kept.map(\.digest)).count == 1, "the same events are missing")
    }

    @Test func `an empty capture is a destination without anything`() async throws {
        try await MissedTelemetry.prepare()
        let capture = try TemporaryFile()
        let outcome = try await compare(["--capture", capture.path])
        #expect(outcome.status == 1 && outcome.output.contains(#""missing":\#(MissedTelemetry.devices),"#), "\(outcome.output)\(outcome.errors)")
    }

    @Test func `a capture with a wrong line is refused with the line's number, and nothing is kept`() async throws {
        try await MissedTelemetry.prepare()
        let good = destination("exported").lines
        for (wrong, advice) in [
            ("{", "expected"), ("7", "expected a JSON object"), (#"{"payload_base64":"!"}"#, "base64"),
            (#"{"deviceId":"pump-1"}"#, "no member of a record"),
            (#"{"offset":1.5,"payload":"{}"}"#, "offset is no whole number"), ("\u{0}", "expected"),
        ] {
            let capture = try TemporaryFile((good[..<10] + [wrong] + good[10...]).joined(separator: "\n"))
            let outcome = try await compare(["--capture", capture.path])
            #expect(outcome.status == 2, "\(wrong): \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.contains("\(capture.path):11: ") && outcome.errors.contains(advice), "\(outcome.errors)")
            #expect(outcome.errors.contains("Nothing was kept.") && outcome.output.isEmpty, "\(outcome.output)\(outcome.errors)")
        }
        for (arguments, advice) in [
            (["--capture", "/nowhere/capture"], "cannot be opened"), (["--capture", "/tmp"], "is a directory"),
            (["--capture", "/dev/null"], "no regular file"), ([], "either --topic TOPIC or --capture FILE"),
            (["--capture", "/dev/null", "--topic", "t"], "either --topic TOPIC or --capture FILE"), (["--topic", "t"], "kafka.bootstrap-servers"),
        ] {
            let outcome = try await compare(arguments)
            #expect(outcome.status == 2, "\(arguments): \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.contains(advice), "\(outcome.errors)")
        }
        #expect(try kept() == [])
    }
}

/// A comparison as it is kept.
private struct KeptComparison: Equatable, Sendable {
    let missing: Int64
    /// Of the missing events' positions.
    let digest: String
}

private struct SelectKept: Statement {
    static let sql = """
        SELECT count(m.source_offset), coalesce(md5(string_agg(m.source_id || ' ' || m.source_offset, ',' ORDER BY m.source_id, m.source_offset)), '')
        FROM hindcast.export_reconciliation r LEFT JOIN hindcast.export_missing m USING (reconciliation_id) GROUP BY reconciliation_id
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> KeptComparison {
        KeptComparison(missing: try row.int64(0), digest: try row.string(1))
    }
}
