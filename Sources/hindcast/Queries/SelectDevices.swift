import Diagnostics
import Postgres

/// Reads `diagnostics.device_health`: the worst devices first, each with its first cause.
struct SelectDevices: Statement {
    /// Health labels; every one where empty.
    let health: [String]
    /// Causes, one of which a device has to have; any or none where empty.
    let causes: [String]
    /// Empty for every template and none.
    let template: String
    /// A pattern of device ids; see ``DeviceGlob``.
    let device: String
    /// Empty for every tenant.
    let tenant: String
    let limit: Int64

    static let sql = """
        SELECT \(DeviceRow.columns), (
            SELECT c.cause FROM diagnostics.device_diagnosis c WHERE c.tenant = h.tenant AND c.device_id = h.device_id ORDER BY c.rank LIMIT 1)
        FROM diagnostics.device_health h
        WHERE ($1 = '{}' OR h.health = ANY ($1)) AND ($3 = '' OR h.template_id = $3) AND ($4 = '%' OR h.device_id LIKE $4) AND ($5 = '' OR h.tenant = $5)
            AND ($2 = '{}' OR (h.tenant, h.device_id) IN (
                SELECT c.tenant, c.device_id FROM diagnostics.device_diagnosis c WHERE c.cause = ANY ($2)))
        ORDER BY h.score DESC, h.tenant, h.device_id LIMIT $6
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(health)
        parameters.append(causes)
        parameters.append(template)
        parameters.append(device)
        parameters.append(tenant)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> DeviceRow { try DeviceRow(row, cause: try row.stringOrNil(19)) }
}

/// Reads the rows of `diagnostics.device_health` that a device id, or a tenant and a device id with `/` between them, may mean.
struct SelectNamedDevices: Statement {
    /// A device id.
    let text: String
    /// Empty for every tenant.
    let tenant: String
    /// The ways to read the text as a tenant and a device id.
    let splits: [(tenant: String, device: String)]

    static let sql = """
        SELECT \(DeviceRow.columns) FROM diagnostics.device_health h WHERE h.device_id = $1 AND ($2 = '' OR h.tenant = $2)
        UNION ALL
        SELECT \(DeviceRow.columns) FROM diagnostics.device_health h
        JOIN unnest($3::text[], $4::text[]) AS w (tenant, device_id) ON w.tenant = h.tenant AND w.device_id = h.device_id
        WHERE ($2 = '' OR h.tenant = $2)
        ORDER BY 1, 2
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(text)
        parameters.append(tenant)
        parameters.append(splits.map(\.tenant))
        parameters.append(splits.map(\.device))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> DeviceRow { try DeviceRow(row, cause: nil) }
}

/// Reads every template that applies to a device.
struct SelectUsedTemplates: Statement {
    static let sql = "SELECT DISTINCT template_id FROM diagnostics.device_health WHERE template_id IS NOT NULL ORDER BY template_id"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

/// Whether `diagnostics.device_health` has a device whose id matches.
struct SelectMatchesDevice: Statement {
    /// A pattern of device ids; see ``DeviceGlob``.
    let device: String
    /// Empty for every tenant.
    let tenant: String

    static let sql = "SELECT EXISTS (SELECT FROM diagnostics.device_health h WHERE h.device_id LIKE $1 AND ($2 = '' OR h.tenant = $2))"

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(tenant)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}

/// Reads ids that are like one that is unknown: those that differ by case, else some that begin or end alike.
struct SelectNearDevices: Statement {
    let text: String
    /// Empty for every tenant.
    let tenant: String

    // 1. By case only. 2. Candidates for the least distance; a bound, so that the answer to a slip stays quick in a large fleet.
    static let sql = """
        (SELECT h.device_id, true FROM diagnostics.device_health h WHERE lower(h.device_id) = lower($1) AND ($2 = '' OR h.tenant = $2) LIMIT 1)
        UNION ALL
        (SELECT h.device_id, false FROM diagnostics.device_health h
        WHERE ($2 = '' OR h.tenant = $2) AND abs(length(h.device_id) - length($1)) <= 2
            AND (left(lower(h.device_id), 2) = left(lower($1), 2) OR right(lower(h.device_id), 2) = right(lower($1), 2))
        LIMIT 2000)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(text)
        parameters.append(tenant)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (device: String, isByCase: Bool) { (try row.string(0), try row.bool(1)) }
}

/// One row of `diagnostics.device_health`.
struct DeviceRow: Hashable, Sendable {
    static let columns = """
        h.tenant, h.device_id, h.template_id, h.template_version, h.registration, h.connection, h.health, h.reasons, h.last_seen, h.last_telemetry,
        extract(epoch FROM h.expected_interval)::float8, h.messages_24h, h.failed_messages_24h, h.malformed_24h, h.since, h.score, h.flaps_24h,
        h.repeated_24h, h.as_of
        """

    let tenant: String
    let device: String
    let templateID: String?
    let templateVersion: Int32?
    let registration: String
    let connection: String
    let health: String
    let reasons: [String]
    let lastSeen: Timestamp
    let lastTelemetry: Timestamp?
    /// In seconds.
    let expectedInterval: Double?
    let messages: Int64
    let failed: Int64
    let malformed: Int64
    let since: Timestamp
    let score: Int32
    let flaps: Int64
    let repeated: Int64
    let asOf: Timestamp
    /// The first cause, where it was asked for and there is one.
    let cause: String?

    /// What names it among all devices.
    var name: String { "\(tenant)/\(device)" }
}

extension DeviceRow {
    init(_ row: borrowing RowView, cause: String?) throws(PostgresError) {
        tenant = try row.string(0)
        device = try row.string(1)
        templateID = try row.stringOrNil(2)
        templateVersion = try row.int32OrNil(3)
        registration = try row.string(4)
        connection = try row.string(5)
        health = try row.string(6)
        reasons = try row.array(7, of: String.self)
        lastSeen = Timestamp(microseconds: try row.timestamp(8).rawValue)
        lastTelemetry = try row.timestampOrNil(9).map { Timestamp(microseconds: $0.rawValue) }
        expectedInterval = try row.doubleOrNil(10)
        messages = try row.int64(11)
        failed = try row.int64(12)
        malformed = try row.int64(13)
        since = Timestamp(microseconds: try row.timestamp(14).rawValue)
        score = try row.int32(15)
        flaps = try row.int64(16)
        repeated = try row.int64(17)
        asOf = Timestamp(microseconds: try row.timestamp(18).rawValue)
        self.cause = cause
    }
}
