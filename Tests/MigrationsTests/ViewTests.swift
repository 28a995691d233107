import Foundation
import LogSupport
import Migrations
import Postgres
import TestSupport
import Testing

/// The public contract: what dashboards may read, and that the page about it is true.
@Suite(.database) struct ViewTests {
    /// The columns that must be there, by view, beside tenant.
    private static let contract: [String: [String]] = [
        "fleet_summary": [
            "as_of", "devices", "healthy", "degraded", "failing", "silent", "blocked", "unassigned", "unknown", "messages_24h", "failed_messages_24h",
            "open_gaps",
        ],
        "device_health": [
            "device_id", "template_id", "template_version", "registration", "connection", "health", "reasons", "last_seen", "last_telemetry",
            "expected_interval", "messages_24h", "failed_messages_24h", "malformed_24h", "since", "score", "flaps_24h", "repeated_24h", "as_of",
        ],
        "device_registration": [
            "device_id", "status", "approved", "blocked", "provisioned", "simulated", "template_id", "status_since", "mitigation",
        ],
        "device_diagnosis": ["device_id", "cause", "confidence", "since", "evidence_source", "evidence_offset", "mitigation"],
        "fleet_causes": ["cause", "devices", "messages", "first_seen", "confidence", "mitigation", "as_of"],
        "device_properties": [
            "device_id", "module", "component", "property", "desired", "desired_version", "reported", "reported_version", "ack_code", "ack_version",
            "ack_description", "in_sync", "changed_at",
        ],
        "device_errors": [
            "device_id", "origin", "status", "subcode", "name", "meaning", "mitigation", "count", "first_seen", "last_seen", "last_source",
            "last_offset", "message",
        ],
        "validation_findings": [
            "device_id", "template_id", "template_version", "module", "component", "path", "rule", "severity", "message", "count", "first_seen",
            "last_seen",
            "first_source", "first_offset", "last_source", "last_offset", "generation",
        ],
        "validation_findings_hourly": ["template_id", "template_version", "component", "path", "rule", "hour", "severity", "count", "generation"],
        "unmodeled_capabilities": [
            "template_id", "module", "component", "name", "devices", "count", "json_type", "suggestion", "first_seen", "last_seen",
        ],
        "export_status": ["export_id", "destination_id", "enabled", "status", "last_error", "last_delivered", "lag"],
        "export_gaps": [
            "gap_id", "export_id", "destination_id", "cause", "certainty", "starts_at", "ends_at", "devices", "events", "recoverable",
            "backfill_deadline", "backfilled_events", "state",
        ],
        "raw_events": [
            "segment", "source_id", "source_offset", "device_id", "kind", "envelope", "module", "component", "event_time", "broker_time",
            "ingest_time", "key",
            "headers", "payload", "payload_text", "is_json",
        ],
        "replay_runs": [
            "run_id", "state", "template_id", "from_time", "to_time", "events", "appeared", "disappeared", "changed", "diff_digest", "started_at",
            "finished_at",
        ],
        "replay_changes": ["run_id", "device_id", "template_id", "path", "rule", "day", "change", "count_before", "count_after"],
        "ingest_progress": [
            "source_id", "topic", "partition", "next_offset", "end_offset", "lag", "last_event_time", "last_advanced", "owner",
        ],
        "projection_progress": [
            "projection", "generation", "source_id", "next_offset", "lag", "last_advanced", "last_polled", "owner", "state", "failure",
        ],
        "traffic_hourly": ["hour", "messages", "telemetry", "bytes", "repeated", "judged", "failed", "warned", "malformed"],
        "device_traffic_hourly": [
            "device_id", "hour", "messages", "telemetry", "bytes", "repeated", "connects", "disconnects", "mean_delay", "judged", "failed", "warned",
            "malformed",
        ],
        "log_holes": ["source_id", "first_offset", "last_offset", "reason", "recorded_at"],
    ]

    private func columns() throws -> [String: [ViewColumn]] {
        var connection = try TestDatabase.connect()
        return Dictionary(grouping: try connection.query(SelectViewColumns()), by: \.view)
    }

    @Test func `every view has the columns of the contract, tenant among them`() throws {
        let views = try columns()
        #expect(Set(views.keys) == Set(Self.contract.keys))
        for (view, wanted) in Self.contract {
            let names = Set(views[view]?.map(\.name) ?? [])
            #expect(names.isSuperset(of: wanted + ["tenant"]), "\(view) lacks \(Set(wanted + ["tenant"]).subtracting(names).sorted())")
        }
    }

    @Test(arguments: ["fleet_summary", "fleet_causes", "device_health", "device_registration", "device_diagnosis", "export_status", "export_gaps"])
    func `what was added to a view about the fleet stands behind the contract's columns`(view: String) throws {
        let names = try columns()[view]?.map(\.name) ?? []
        let wanted = ["tenant"] + (Self.contract[view] ?? [])
        #expect(Array(names.prefix(wanted.count)) == wanted)
    }

    @Test func `every view and column has a comment, and the page says the same, with the types`() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/sql-views.md")
        let page = DocumentedViews(try String(contentsOf: path, encoding: .utf8))
        let views = try columns()
        #expect(page.views.keys.sorted() == views.keys.sorted())
        for (view, columns) in views {
            #expect(!columns[0].viewComment.isEmpty && page.views[view]?.comment == columns[0].viewComment, "\(view)")
            #expect(page.views[view]?.columns == columns.map { [$0.name, $0.type, $0.comment] }, "\(view)")
            for column in columns { #expect(!column.comment.isEmpty, "\(view).\(column.name)") }
        }
    }

    @Test func `a dashboard reads the views and nothing else`() throws {
        var dashboard = try TestDatabase.connect(role: "hindcast_dashboard")
        for view in Self.contract.keys where view != "raw_events" { try dashboard.execute(script: "SELECT * FROM diagnostics.\(view)") }
        var admin = try TestDatabase.connect()
        let tables = try admin.query(SelectTables())
        #expect(tables.count > 15)
        for relation in tables + ["diagnostics.raw_events"] {
            do throws(PostgresError) {
                try dashboard.execute(script: "SELECT * FROM \(relation) LIMIT 1")
                Issue.record("a dashboard read \(relation)")
            } catch {
                #expect(error.sqlState == .insufficientPrivilege, "\(relation): \(error)")
            }
        }
    }

    @Test func `what devices sent is for the payload role, bytes that are no text included`() throws {
        var log = try LogFixture()
        try log.append([
            SampleRecord(payload: [0xFF, 0x00]), SampleRecord(payload: Array(#"{"a":"\u0000"}"#.utf8)), SampleRecord(payload: nil),
            SampleRecord(payload: Array(String(repeating: "[", count: 100_000).utf8)),
        ])
        var payload = try TestDatabase.connect(role: "hindcast_payload")
        let rows = try payload.query(SelectRawEvents())
        #expect(rows == ["null/false", "text/true", "null/null", "text/false"])
    }

    @Test func `what devices sent is read by a plan that would rather be parallel`() throws {
        var log = try LogFixture()
        try log.append([SampleRecord(payload: [0xFF]), SampleRecord(payload: Array("{}".utf8)), SampleRecord(payload: Array("{".utf8))])
        var payload = try TestDatabase.connect(role: "hindcast_payload")
        try payload.execute(script: "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0")
        #expect(try payload.query(SelectRawEvents()) == ["null/false", "text/true", "text/false"])
        #expect(try payload.queryOne(CountRawEvents()) == "2 texts, 1 JSON")
    }

    @Test func `every migration file is embedded, in order and without gaps`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../migrations/sql")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).filter { $0.hasSuffix(".sql") }.sorted()
        #expect(Migrations.all.map { $0.name + ".sql" } == files)
        #expect(Migrations.all.map(\.version) == Array(1...files.count))
        for file in Migrations.all { #expect(file.name.hasPrefix("m\("\(10_000 + file.version)".dropFirst())_")) }
    }
}

/// The sections of `docs/sql-views.md`: what each says of a view, and the cells of its table, row by row.
struct DocumentedViews {
    struct View {
        var comment = ""
        var columns: [[String]] = []
    }

    private(set) var views: [String: View] = [:]

    init(_ text: String) {
        var view: String?
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") {
                view = String(line.dropFirst(3))
                views[String(line.dropFirst(3))] = View()
            } else if let view, line.hasPrefix("| ") {
                let cells = line.dropFirst(2).dropLast(2).components(separatedBy: " | ")
                if cells[0] != "column" { views[view]?.columns.append(cells) }
            } else if let view, !line.hasPrefix("|") {
                views[view]?.comment = String(line)
            }
        }
    }
}

struct ViewColumn: Sendable {
    let view: String
    let name: String
    let type: String
    let comment: String
    let viewComment: String
}

private struct SelectViewColumns: Statement {
    static let sql = """
        SELECT c.relname::text, a.attname::text, CASE format_type(a.atttypid, NULL)
            WHEN 'timestamp with time zone' THEN 'timestamptz' WHEN 'integer' THEN 'int' ELSE format_type(a.atttypid, NULL) END,
            coalesce(col_description(c.oid, a.attnum), ''), coalesce(obj_description(c.oid, 'pg_class'), '')
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'diagnostics'::regnamespace AND a.attnum > 0 ORDER BY 1, a.attnum
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ViewColumn {
        ViewColumn(
            view: try row.string(0), name: try row.string(1), type: try row.string(2), comment: try row.string(3), viewComment: try row.string(4))
    }
}

private struct SelectTables: Statement {
    static let sql = """
        SELECT 'hindcast.' || quote_ident(relname) FROM pg_class WHERE relnamespace = 'hindcast'::regnamespace AND relkind IN ('r', 'p', 'v') ORDER BY 1
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct SelectRawEvents: Statement {
    static let sql = """
        SELECT CASE WHEN payload_text IS NULL THEN 'null' ELSE 'text' END || '/' || coalesce(is_json::text, 'null')
        FROM diagnostics.raw_events ORDER BY source_offset
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

private struct CountRawEvents: Statement {
    static let sql = "SELECT count(payload_text) || ' texts, ' || count(*) FILTER (WHERE is_json) || ' JSON' FROM diagnostics.raw_events"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
