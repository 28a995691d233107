import Diagnostics
import Postgres

/// Reads `diagnostics.device_diagnosis` of one device: the first cause to look at first.
struct SelectCauses: Statement {
    let tenant: String
    let device: String

    static let sql = "SELECT \(CauseRow.columns) FROM diagnostics.device_diagnosis WHERE tenant = $1 AND device_id = $2 ORDER BY rank"

    func bind(to parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(device)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> CauseRow { try CauseRow(row) }
}

/// Reads `diagnostics.device_diagnosis` of many devices, one after the other.
struct SelectAllCauses: Statement {
    /// A pattern of device ids; see ``DeviceGlob``.
    let device: String
    /// Empty for every tenant.
    let tenant: String

    static let sql = """
        SELECT \(CauseRow.columns) FROM diagnostics.device_diagnosis
        WHERE ($1 = '%' OR device_id LIKE $1) AND ($2 = '' OR tenant = $2) ORDER BY tenant, device_id, rank
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(tenant)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> CauseRow { try CauseRow(row) }
}

/// Reads `diagnostics.device_registration` of one device.
struct SelectRegistration: Statement {
    let tenant: String
    let device: String

    static let sql = """
        SELECT status, approved, blocked, provisioned, simulated, template_id, status_since, mitigation, meaning
        FROM diagnostics.device_registration WHERE tenant = $1 AND device_id = $2
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(device)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> RegistrationRow {
        RegistrationRow(
            status: try row.string(0), isApproved: try row.boolOrNil(1), isBlocked: try row.boolOrNil(2), isProvisioned: try row.boolOrNil(3),
            isSimulated: try row.boolOrNil(4), templateID: try row.stringOrNil(5),
            since: try row.timestampOrNil(6).map { Timestamp(microseconds: $0.rawValue) }, mitigation: try row.stringOrNil(7),
            meaning: try row.stringOrNil(8))
    }
}

/// One row of `diagnostics.device_registration`, without the names of its device.
struct RegistrationRow: Hashable, Sendable {
    let status: String
    /// Facts; nil where nobody said.
    let isApproved: Bool?
    let isBlocked: Bool?
    let isProvisioned: Bool?
    let isSimulated: Bool?
    let templateID: String?
    let since: Timestamp?
    /// What to do; nil where there is nothing.
    let mitigation: String?
    let meaning: String?
}

/// One row of `diagnostics.device_diagnosis`.
struct CauseRow: Hashable, Sendable {
    static let columns = "tenant, device_id, cause, confidence, since, evidence_source, evidence_offset, mitigation, rank::int, meaning, messages"

    let tenant: String
    let device: String
    let cause: String
    let confidence: String
    let since: Timestamp
    let evidenceSource: Int32?
    let evidenceOffset: Int64?
    let mitigation: String
    let rank: Int32
    let meaning: String
    let messages: Int64

    /// The position that `hindcast explain` opens; nil where no event stands for the cause.
    var evidence: String? {
        guard let evidenceSource, let evidenceOffset else { return nil }
        return "\(evidenceSource):\(evidenceOffset)"
    }
}

extension CauseRow {
    init(_ row: borrowing RowView) throws(PostgresError) {
        tenant = try row.string(0)
        device = try row.string(1)
        cause = try row.string(2)
        confidence = try row.string(3)
        since = Timestamp(microseconds: try row.timestamp(4).rawValue)
        evidenceSource = try row.int32OrNil(5)
        evidenceOffset = try row.int64OrNil(6)
        mitigation = try row.string(7)
        rank = try row.int32(8)
        meaning = try row.string(9)
        messages = try row.int64(10)
    }
}
