import Diagnostics
import EventLog
import LogSupport
import Postgres
import TestSupport
import Testing

/// A tenant whose devices sent something while its export `e` to destination `d` was off.
enum MissedTelemetry {
    private static let exports = """
        {"exports": [{"id": "e", "enabled": true, "source": "telemetry", "destinations": [{"id": "d"}]}],
         "destinations": [{"id": "d", "type": "kafka@v1", "topic": "exported"}]}
        """

    /// How many devices send one message each, a second apart: `pump-1` and so on.
    static let devices = 300

    /// Defines the export, logs what happened, and projects it.
    static func prepare() async throws {
        let file = try TemporaryFile(exports)
        let outcome = try await export(["import", file.path, "--tenant", "app", "--at", "2020-01-01T00:00:00Z"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append(
            [.toggled("e", false, at: time(0))] + (1...devices).map { .telemetry(device: "pump-\($0)", #"{"t":\#($0)}"#, at: time($0)) }
                + [.toggled("e", true, at: time(600))])
        let projected = try await Program.run(["project", "--exit-at-end"], environment: TestDatabase.environment)
        #expect(projected.status == 0, "\(projected.errors)")
    }

    /// Runs `hindcast export`.
    static func export(_ arguments: [String], _ environment: [String: String] = TestDatabase.environment) async throws -> Program.Outcome {
        try await Program.run(["export"] + arguments, environment: environment)
    }

    /// The gap's id.
    static func gap() async throws -> String {
        let gaps = try await export(["gaps"])
        return try #require(gaps.lines.last?.split(separator: " ").first.map(String.init), "\(gaps.output)\(gaps.errors)")
    }

    /// How many backfills were begun.
    static func backfills() throws -> Int64 {
        var superuser = try TestDatabase.connect()
        return try superuser.queryOne(CountBackfills()) ?? -1
    }

    /// A time of the story.
    static func time(_ seconds: Int) -> Timestamp { Timestamp(microseconds: Timestamp.sample.microseconds + Int64(seconds) * 1_000_000) }
}

private struct CountBackfills: Statement {
    static let sql = "SELECT count(*) FROM hindcast.export_backfill"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
