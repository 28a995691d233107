import Diagnostics
import Postgres
import TestSupport
import Testing

/// What operators decide about sources and the log.
@Suite(.database) struct LogAndSourceCommandTests {
    private func run(_ arguments: [String]) async throws -> Program.Outcome {
        try await Program.run(arguments, environment: TestDatabase.environment)
    }

    /// Appends four records; their source is number 1, its next offset 5 (lines count from 1).
    private func prepare() async throws {
        let capture = try TemporaryFile(CaptureText.faults)
        #expect(try await run(["ingest", "--capture", capture.path, "--name", "case-1"]).status == 0)
    }

    @Test func `a whole log verifies; a changed byte is found and is 1`() async throws {
        try await prepare()
        let whole = try await run(["log", "verify"])
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(whole.output.contains("source 1: whole, 4 events in 1 batches"))
        var connection = try TestDatabase.connect()
        try connection.execute(
            script: """
                SET session_replication_role = replica; ALTER TABLE hindcast.event DISABLE TRIGGER ALL;
                UPDATE hindcast.event SET payload = set_byte(payload, 3, 65) WHERE source_offset = 2
                """)
        let tampered = try await run(["log", "verify", "--source", "1"])
        #expect(tampered.status == 1)
        #expect(tampered.output.contains("NOT WHOLE"))
        #expect(try await run(["log", "verify", "--source", "9"]).status == 2)
    }

    @Test func `events of an older decoder are read anew, once`() async throws {
        try await prepare()
        #expect(try await run(["log", "reindex"]).output == "source 1: no events of an older decoder\n")
        var connection = try TestDatabase.connect()
        try connection.execute(
            script: """
                ALTER TABLE hindcast.event DISABLE TRIGGER ALL;
                UPDATE hindcast.event SET decoder = 1, component = 'other'; DELETE FROM hindcast.reindex_progress;
                ALTER TABLE hindcast.event ENABLE ALWAYS TRIGGER event_immutable
                """)
        let anew = try await run(["log", "reindex", "--source", "1"])
        #expect(anew.status == 0, "\(anew.errors)")
        #expect(anew.output == "source 1: 4 events read by decoder \(EventDecoder.version), 4 understood differently (place of 4)\n")
        #expect(try decisions() == ["reindex"])
        let again = try await run(["log", "reindex", "--format", "json"])
        #expect(again.output.contains(#""changed": 0"#), "\(again.output)")
        #expect(try await run(["log", "reindex", "--source", "9"]).status == 2)
        #expect(try decisions() == ["reindex"])
    }

    @Test func `nothing is dropped that is not old enough`() async throws {
        try await prepare()
        let outcome = try await run(["log", "retain", "--keep-days", "1", "--dry-run"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("nothing to drop before "))
        #expect(try await run(["log", "retain", "--keep-days", "0"]).status == 2)
    }

    @Test func `an old day stays while a projection has not read it, and is 1`() async throws {
        try await prepare()
        var connection = try TestDatabase.connect()
        // The day of the capture's batch, made old.
        try connection.execute(
            script:
                "ALTER TABLE hindcast.ingest_batch DISABLE TRIGGER ALL; UPDATE hindcast.ingest_batch SET segment = 100; SELECT hindcast.make_segment(100::smallint)"
        )
        let outcome = try await run(["log", "retain", "--keep-days", "1"])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("2000-04-10 stays"))
    }

    @Test func `sources are listed, a new life follows the old one`() async throws {
        try await prepare()
        #expect(try await run(["source", "list"]).lines.count == 2)
        let life = try await run(["source", "new-life", "1"])
        #expect(life.status == 0, "\(life.errors)")
        #expect(life.output.contains("its next life is source 2"))
        let list = try await run(["source", "list"]).lines
        #expect(list.count == 3)
        #expect(list[1].contains("(ended)"))
        #expect(try await run(["source", "new-life", "1"]).status == 2)
        #expect(try await run(["source", "new-life", "77"]).status == 2)
        #expect(try decisions() == ["new_source_life"])
    }

    @Test func `a declared hole is recorded, moves the cursor, and fences the writer`() async throws {
        try await prepare()
        let wrong = try await run(["source", "hole", "1", "--from", "2", "--to", "9"])
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("goes on at offset 5"))
        #expect(try await run(["source", "hole", "1", "--from", "5", "--to", "\(Int64.max)"]).status == 2)
        let hole = try await run(["source", "hole", "1", "--from", "5", "--to", "9"])
        #expect(hole.status == 0, "\(hole.errors)")
        #expect(try await run(["status"]).output.contains("operator"))
        #expect(try decisions() == ["hole"])
        var connection = try TestDatabase.connect()
        let cursor = try #require(try connection.queryOne(SelectCursor()))
        #expect(cursor.nextOffset == 10)
        #expect(cursor.ownerEpoch == 2)
        #expect(try await run(["log", "verify"]).status == 0)
    }

    private func decisions() throws -> [String] {
        var connection = try TestDatabase.connect()
        return try connection.query(SelectDecisions())
    }
}

private struct SelectDecisions: Statement {
    static let sql = "SELECT kind FROM hindcast.control_event WHERE kind <> 'rule_set' ORDER BY control_seq"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct SelectCursor: Statement {
    struct Row {
        let nextOffset: Int64
        let ownerEpoch: Int64
    }

    static let sql = "SELECT next_offset, owner_epoch FROM hindcast.source_cursor WHERE source_id = 1"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row { Row(nextOffset: try row.int64(0), ownerEpoch: try row.int64(1)) }
}
