import Diagnostics
import Postgres

/// Reads `diagnostics.fleet_summary`.
struct SelectFleet: Statement {
    /// Empty for every tenant.
    let tenant: String

    static let sql = """
        SELECT tenant, as_of, devices, healthy, degraded, failing, silent, blocked, unassigned, unknown, messages_24h, failed_messages_24h, open_gaps, deleted
        FROM diagnostics.fleet_summary WHERE ($1 = '' OR tenant = $1) ORDER BY tenant
        """

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> FleetRow {
        var counts: [Int64] = []
        for column in 3...9 { counts.append(try row.int64(column)) }
        return FleetRow(
            tenant: try row.string(0), asOf: Timestamp(microseconds: try row.timestamp(1).rawValue), devices: try row.int64(2), counts: counts,
            messages: try row.int64(10), failed: try row.int64(11), openGaps: try row.int64(12), deleted: try row.int64(13))
    }
}

/// Reads every tenant that has devices.
struct SelectTenants: Statement {
    static let sql = "SELECT tenant FROM diagnostics.fleet_summary ORDER BY tenant"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

/// One row of `diagnostics.fleet_summary`.
struct FleetRow: Hashable, Sendable {
    /// The health labels in the order of the view's columns.
    static let labels = ["healthy", "degraded", "failing", "silent", "blocked", "unassigned", "unknown"]

    let tenant: String
    let asOf: Timestamp
    let devices: Int64
    /// Devices by label, in the order of ``labels``.
    let counts: [Int64]
    let messages: Int64
    let failed: Int64
    let openGaps: Int64
    /// Counted beside ``devices``, under no label.
    let deleted: Int64
}

/// Reads `diagnostics.fleet_causes`: what touches most devices first.
struct SelectFleetCauses: Statement {
    /// Empty for every tenant.
    let tenant: String
    let limit: Int64

    static let sql = """
        SELECT tenant, cause, devices, messages, first_seen, confidence, mitigation, as_of, meaning
        FROM diagnostics.fleet_causes WHERE ($1 = '' OR tenant = $1) ORDER BY devices DESC, messages DESC, tenant, cause LIMIT $2
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> FleetCauseRow {
        FleetCauseRow(
            tenant: try row.string(0), cause: try row.string(1), devices: try row.int64(2), messages: try row.int64(3),
            firstSeen: Timestamp(microseconds: try row.timestamp(4).rawValue), confidence: try row.string(5), mitigation: try row.string(6),
            asOf: Timestamp(microseconds: try row.timestamp(7).rawValue), meaning: try row.string(8))
    }
}

/// One row of `diagnostics.fleet_causes`.
struct FleetCauseRow: Hashable, Sendable {
    let tenant: String
    let cause: String
    let devices: Int64
    let messages: Int64
    let firstSeen: Timestamp
    let confidence: String
    let mitigation: String
    let asOf: Timestamp
    let meaning: String
}
