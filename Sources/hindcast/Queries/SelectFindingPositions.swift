import Postgres

/// Where an event with a finding stands.
struct FindingPosition: Equatable, Sendable {
    let source: Int32
    let offset: Int64
}

/// Reads the latest positions at which a device had findings.
struct SelectFindingPositions: Statement {
    let device: String
    /// Empty for every tenant.
    let tenant: String
    let limit: Int64

    static let sql = """
        SELECT last_source, last_offset FROM diagnostics.validation_findings WHERE device_id = $1 AND ($2 = '' OR tenant = $2)
        GROUP BY last_source, last_offset ORDER BY max(last_seen) DESC, last_source, last_offset DESC LIMIT $3
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(tenant)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> FindingPosition {
        FindingPosition(source: try row.int32(0), offset: try row.int64(1))
    }
}
