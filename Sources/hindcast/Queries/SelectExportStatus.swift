import Diagnostics
import EventLog
import Postgres

/// Reads `diagnostics.export_status`.
struct SelectExportStatus: Statement {
    /// Nil for every tenant.
    let tenant: String?

    static let sql = """
        SELECT tenant, export_id, destination_id, enabled, status, last_error, last_delivered, extract(epoch FROM lag)::float8, display_name, source, kind,
            status_since, open_gaps, as_of
        FROM diagnostics.export_status WHERE ($1::text IS NULL OR tenant = $1) ORDER BY tenant, export_id, destination_id
        """

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ExportStatusRow {
        ExportStatusRow(
            tenant: try row.string(0), export: try row.string(1), destination: try row.string(2), isEnabled: try row.boolOrNil(3),
            status: try row.string(4), lastError: try row.stringOrNil(5), lastDelivered: try row.timestampOrNil(6).map { Timestamp($0) },
            lag: try row.doubleOrNil(7), name: try row.string(8), source: try row.string(9), kind: try row.string(10),
            since: try row.timestampOrNil(11).map { Timestamp($0) }, openGaps: try row.int64(12), asOf: Timestamp(try row.timestamp(13)))
    }
}

/// One row of `diagnostics.export_status`.
struct ExportStatusRow: Hashable, Sendable {
    let tenant: String
    let export: String
    let destination: String
    let isEnabled: Bool?
    let status: String
    let lastError: String?
    let lastDelivered: Timestamp?
    /// In seconds.
    let lag: Double?
    let name: String
    let source: String
    let kind: String
    let since: Timestamp?
    let openGaps: Int64
    let asOf: Timestamp
}
