import Diagnostics
import LogSupport
import Postgres
import TestSupport
import Testing

@testable import EventLog
@testable import Exports

/// When a topic that an export feeds was silent, found batch by batch.
@Suite("Silences of topics that exports feed", .database) struct SourceSilencesTests {
    private static let limit: Int64 = 900_000_000
    private static let asOf = ExportStory.time(400_000)

    private func look(_ silences: inout SourceSilences, _ topics: Set<String> = ["bound"]) throws -> [Range<Timestamp>] {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        return try silences.of(topics: topics, limit: Self.limit, asOf: Self.asOf, on: &connection)
    }

    private func append(_ seconds: [Int64], partition: Int32 = 0, topic: String = "bound") throws {
        var log = try LogFixture(topic: topic, partition: partition)
        try log.append(seconds.map { ExportStory.telemetry("a", at: $0) })
    }

    private func naive(_ batches: [ClosedRange<Int64>]) -> [Range<Timestamp>] {
        guard batches.count > 1 else { return [] }
        var quiet: [Range<Int64>] = []
        var total: Int64 = 0
        // Second by second: what lies in no batch, between the first and the last.
        var start: Int64?
        let (first, last) = (batches.map(\.lowerBound).min() ?? 0, batches.map(\.upperBound).max() ?? 0)
        for second in first...last {
            // A pause is measured from the end of one batch to the beginning of the next.
            let isIn = batches.contains { $0.contains(second) }
            if isIn, let from = start {
                quiet.append(from..<second)
                total += second - from
            }
            if isIn { start = batches.contains { $0.contains(second) && $0.contains(second + 1) } ? nil : second }
        }
        let threshold = max(Self.limit, total * 1_000_000 / Int64(batches.count - 1) * 10)
        return (quiet + [last..<400_000]).filter { ($0.upperBound - $0.lowerBound) * 1_000_000 > threshold }
            .map { ExportStory.time($0.lowerBound)..<ExportStory.time($0.upperBound) }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `whatever the order of batches and the number of partitions, looking on finds what looking at everything finds`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var remembering = SourceSilences()
        var batches: [ClosedRange<Int64>] = []
        var found = 0
        for _ in 0..<6 {
            // Many are needed around a silence for it to be ten times as long as a usual pause.
            for _ in 0..<Int.random(in: 5...15, using: &random) {
                let first = ([0, 12_000, 25_000].randomElement(using: &random) ?? 0) + Int64.random(in: 0...2500, using: &random)
                let last = first + Int64.random(in: 0...300, using: &random)
                try append([last, first], partition: Int32.random(in: 0...2, using: &random))
                batches.append(first...last)
            }
            let expected = naive(batches)
            #expect(try look(&remembering) == expected)
            var fresh = SourceSilences()
            #expect(try look(&fresh) == expected)
            found += expected.count
        }
        #expect(found > 6, "more than the silence after the end")
    }

    @Test func `other topics do not count, and topics that are bound together count as one`() throws {
        try append([0, 10])
        try append([20, 30])
        try append([5000], topic: "second")
        try append([2000], topic: "foreign")
        var silences = SourceSilences()
        #expect(try look(&silences) == [ExportStory.time(30)..<Self.asOf])
        #expect(try look(&silences, ["bound", "second"]).map(\.lowerBound) == [ExportStory.time(5000)], "the pauses are long there")
        #expect(try look(&silences, ["second"]) == [], "one batch tells of no pause")
        #expect(try look(&silences, []) == [])
    }

    @Test func `what the broker holds and the log has not read yet is no silence`() throws {
        try append([0, 10])
        try append([20, 30])
        var superuser = try TestDatabase.connect()
        var silences = SourceSilences()
        #expect(try look(&silences).count == 1)
        try superuser.execute(script: "UPDATE hindcast.source_cursor SET end_offset = next_offset + 1")
        #expect(try look(&silences) == [])
        try superuser.execute(script: "UPDATE hindcast.source_cursor SET end_offset = next_offset")
        #expect(try look(&silences).count == 1)
    }

    @Test func `a batch that was seen is not read again`() throws {
        try append([0, 10])
        try append([20, 30])
        var remembering = SourceSilences()
        let before = try look(&remembering)
        #expect(before.count == 1)
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.ingest_batch
                SELECT source_id, first_offset + 1, last_offset, n, segment, min_event_time, '\(Self.asOf.rfc3339)', ingest_time, prev_sha256, sha256
                FROM hindcast.ingest_batch WHERE first_offset = 0
                """)
        #expect(try look(&remembering) == before)
        var fresh = SourceSilences()
        #expect(try look(&fresh) == [], "that was read by one that has seen nothing")
    }

    @Test func `the batches behind an offset are found by their key, without those before`() throws {
        try append([0, 10])
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                INSERT INTO hindcast.ingest_batch
                SELECT source_id, o, o, 1, segment, min_event_time, max_event_time, ingest_time, prev_sha256, sha256
                FROM hindcast.ingest_batch, generate_series(10, 20000) o
                """)
        for hasStatistics in [false, true] {
            if hasStatistics { try superuser.execute(script: "ANALYZE") }
            let plan = try superuser.query(Explain(statement: SelectSpans(topics: ["bound"], next: [1: 19_990]))).joined(separator: "\n")
            #expect(plan.contains("Index Cond: ((source_id = s.source_id) AND (first_offset >= COALESCE("), "\(plan)")
            #expect(!plan.contains("Seq Scan on ingest_batch"), "\(plan)")
        }
    }
}

/// Shows how a statement would be run.
private struct Explain<Explained: Statement>: Statement {
    let statement: Explained

    static var sql: String { "EXPLAIN (COSTS OFF) \(Explained.sql)" }

    func bind(to parameters: inout Parameters) { statement.bind(to: &parameters) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
