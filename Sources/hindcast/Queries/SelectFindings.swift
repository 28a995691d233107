import Diagnostics
import Postgres

/// Reads `diagnostics.validation_findings`: the worst and most frequent first.
struct SelectFindings: Statement {
    /// A pattern of device ids; see ``DeviceGlob``.
    let device: String
    /// Empty for every tenant.
    let tenant: String

    static let sql = """
        SELECT \(FindingRow.columns) FROM diagnostics.validation_findings
        WHERE device_id LIKE $1 AND ($2 = '' OR tenant = $2)
        ORDER BY array_position(ARRAY['error', 'warning', 'info'], severity), count DESC, tenant, device_id, rule, component, path
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(tenant)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> FindingRow { try FindingRow(row) }
}

/// Reads the findings that were seen last, at or after a time, the oldest first.
struct SelectRecentFindings: Statement {
    /// Patterns of device ids and module names; see ``DeviceGlob``.
    let device: String
    let module: String
    /// Empty for every tenant.
    let tenant: String
    /// The least severity.
    let minimum: String
    let since: Timestamp
    /// How many at most, the latest ones.
    let limit: Int64

    static let sql = """
        SELECT * FROM (
            SELECT \(FindingRow.columns) FROM diagnostics.validation_findings
            WHERE device_id LIKE $1 AND module LIKE $2 AND ($3 = '' OR tenant = $3)
                AND array_position(ARRAY['info', 'warning', 'error'], severity) >= array_position(ARRAY['info', 'warning', 'error'], $4)
                AND last_seen >= $5
            ORDER BY last_seen DESC, last_source DESC, last_offset DESC LIMIT $6) f
        ORDER BY last_seen, last_source, last_offset
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(module)
        parameters.append(tenant)
        parameters.append(minimum)
        parameters.append(PostgresTimestamp(microseconds: since.microseconds))
        parameters.append(limit)
    }
}

/// One row of `diagnostics.validation_findings`.
struct FindingRow: Hashable, Sendable {
    static let columns = """
        tenant, device_id, coalesce(template_id, ''), template_version, module, component, path, rule, severity, message, count, first_seen, last_seen,
        last_source, last_offset
        """

    let tenant: String
    let device: String
    let templateID: String
    let templateVersion: Int32?
    let module: String
    let component: String
    let path: String
    let rule: String
    let severity: String
    let message: String
    let count: Int64
    let firstSeen: Timestamp
    let lastSeen: Timestamp
    /// The source and offset of the last event with it.
    let lastSource: Int32
    let lastOffset: Int64
}

extension FindingRow {
    init(_ row: borrowing RowView) throws(PostgresError) {
        tenant = try row.string(0)
        device = try row.string(1)
        templateID = try row.string(2)
        templateVersion = try row.int32OrNil(3)
        module = try row.string(4)
        component = try row.string(5)
        path = try row.string(6)
        rule = try row.string(7)
        severity = try row.string(8)
        message = try row.string(9)
        count = try row.int64(10)
        firstSeen = Timestamp(microseconds: try row.timestamp(11).rawValue)
        lastSeen = Timestamp(microseconds: try row.timestamp(12).rawValue)
        lastSource = try row.int32(13)
        lastOffset = try row.int64(14)
    }
}
