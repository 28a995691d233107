import Diagnostics
import Postgres

/// How many records of a tenant the log has taken in, by its sources' cursors.
struct SelectIngested: Statement {
    let tenant: String

    static let sql = "SELECT coalesce(sum(next_offset), 0)::bigint FROM diagnostics.ingest_progress WHERE tenant = $1"

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

/// Whether every projection of a tenant's sources is where the log is, and the time of the answer.
struct SelectProjected: Statement {
    let tenant: String

    struct Row {
        let isDone: Bool
        let pausedReason: String?
        let at: Timestamp
    }

    static let sql = """
        SELECT coalesce(bool_and(p.done), true), max(p.failure), clock_timestamp()
        FROM diagnostics.ingest_progress i
        LEFT JOIN LATERAL (
            SELECT count(*) > 0 AND bool_and(next_offset >= i.next_offset) AS done, max(failure) FILTER (WHERE state = 'paused') AS failure
            FROM diagnostics.projection_progress WHERE source_id = i.source_id) p ON true
        WHERE i.tenant = $1 AND i.next_offset > 0
        """

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(isDone: try row.bool(0), pausedReason: try row.stringOrNil(1), at: Timestamp(microseconds: try row.timestamp(2).rawValue))
    }
}

/// Reads a tenant's row of `diagnostics.fleet_summary`.
struct SelectFleetSummary: Statement {
    let tenant: String

    struct Row {
        let asOf: Timestamp
        let devices: Int64
        /// Devices by health label.
        let byHealth: [String: Int64]
        let messages: Int64
        let failed: Int64
    }

    private static let labels = ["healthy", "degraded", "failing", "silent", "blocked", "unassigned", "unknown"]

    static let sql = """
        SELECT as_of, devices, messages_24h, failed_messages_24h, \(labels.joined(separator: ", ")) FROM diagnostics.fleet_summary WHERE tenant = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        var byHealth: [String: Int64] = [:]
        for (index, label) in labels.enumerated() { byHealth[label] = try row.int64(4 + index) }
        return Row(
            asOf: Timestamp(microseconds: try row.timestamp(0).rawValue), devices: try row.int64(1), byHealth: byHealth, messages: try row.int64(2),
            failed: try row.int64(3))
    }
}

/// Reads a tenant's rows of `diagnostics.device_health`.
struct SelectDeviceHealth: Statement {
    let tenant: String

    struct Row {
        let device: String
        let templateID: String?
        let templateVersion: Int32?
        let registration: String
        let connection: String
        var health: String
        let reasons: [String]
        let lastSeen: Timestamp
        var messages: Int64
        let failed: Int64
        let malformed: Int64
    }

    static let sql = """
        SELECT device_id, template_id, template_version, registration, connection, health, reasons, last_seen, messages_24h, failed_messages_24h,
            malformed_24h
        FROM diagnostics.device_health WHERE tenant = $1 ORDER BY device_id
        """

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(
            device: try row.string(0), templateID: try row.stringOrNil(1), templateVersion: try row.int32OrNil(2), registration: try row.string(3),
            connection: try row.string(4), health: try row.string(5), reasons: try row.array(6, of: String.self),
            lastSeen: Timestamp(microseconds: try row.timestamp(7).rawValue), messages: try row.int64(8), failed: try row.int64(9),
            malformed: try row.int64(10))
    }
}

/// Reads a tenant's rows of `diagnostics.device_diagnosis`, per device the first cause first.
struct SelectDeviceCauses: Statement {
    let tenant: String

    struct Row {
        let device: String
        let cause: String
        let meaning: String
        /// The event that is the evidence; nil where there is none.
        let evidenceSource: Int32?
        let evidenceOffset: Int64?
    }

    static let sql = """
        SELECT device_id, cause, meaning, evidence_source, evidence_offset FROM diagnostics.device_diagnosis WHERE tenant = $1 ORDER BY device_id, rank
        """

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(
            device: try row.string(0), cause: try row.string(1), meaning: try row.string(2), evidenceSource: try row.int32OrNil(3),
            evidenceOffset: try row.int64OrNil(4))
    }
}

/// Reads a tenant's rows of `diagnostics.fleet_causes`, those of the most devices first.
struct SelectFleetCauses: Statement {
    let tenant: String

    struct Row {
        let cause: String
        let devices: Int64
        let messages: Int64
        let meaning: String
    }

    static let sql = "SELECT cause, devices, messages, meaning FROM diagnostics.fleet_causes WHERE tenant = $1 ORDER BY devices DESC, cause"

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(cause: try row.string(0), devices: try row.int64(1), messages: try row.int64(2), meaning: try row.string(3))
    }
}

/// Counts a tenant's rows of `diagnostics.raw_events`.
struct CountEvents: Statement {
    let tenant: String

    static let sql = "SELECT count(*) FROM diagnostics.raw_events WHERE tenant = $1"

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
