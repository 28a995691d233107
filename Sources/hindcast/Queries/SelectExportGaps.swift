import Diagnostics
import EventLog
import Postgres

/// Reads `diagnostics.export_gaps`, the latest first.
struct SelectExportGaps: Statement {
    let tenant: String?
    let export: String?
    let destination: String?
    let states: [String]
    let limit: Int64

    static let sql = """
        SELECT tenant, gap_id, export_id, destination_id, cause, certainty, starts_at, ends_at, devices, events, bytes, recoverable, recovery,
            recovery_reason, backfill_deadline, backfilled_events, state, cause_text, evidence, accepted_reason
        FROM diagnostics.export_gaps
        WHERE ($1::text IS NULL OR tenant = $1) AND ($2::text IS NULL OR export_id = $2) AND ($3::text IS NULL OR destination_id = $3)
            AND state = ANY ($4)
        ORDER BY starts_at DESC, gap_id LIMIT $5
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(export)
        parameters.append(destination)
        parameters.append(states)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ExportGapRow {
        ExportGapRow(
            tenant: try row.string(0), id: try row.string(1), export: try row.string(2), destination: try row.string(3), cause: try row.string(4),
            certainty: try row.string(5), start: Timestamp(try row.timestamp(6)), end: try row.timestampOrNil(7).map { Timestamp($0) },
            devices: try row.int64OrNil(8), events: try row.int64OrNil(9), bytes: try row.int64OrNil(10), isRecoverable: try row.bool(11),
            recovery: try row.string(12), recoveryReason: try row.string(13), deadline: try row.timestampOrNil(14).map { Timestamp($0) },
            backfilled: try row.int64(15), state: try row.string(16), meaning: try row.string(17), evidence: try row.string(18),
            acceptedReason: try row.stringOrNil(19))
    }
}

extension SelectExportGaps {
    /// Every gap of a tenant, whatever its state.
    init(everyOf tenant: String) {
        self.init(
            tenant: tenant, export: nil, destination: nil, states: ExportGapsCommand.State.allCases.map(\.rawValue), limit: .max)
    }
}

/// One row of `diagnostics.export_gaps`.
struct ExportGapRow: Hashable, Sendable {
    let tenant: String
    let id: String
    let export: String
    let destination: String
    var cause: String
    let certainty: String
    let start: Timestamp
    var end: Timestamp?
    var devices: Int64?
    var events: Int64?
    let bytes: Int64?
    let isRecoverable: Bool
    let recovery: String
    let recoveryReason: String
    let deadline: Timestamp?
    var backfilled: Int64
    var state: String
    let meaning: String
    let evidence: String
    let acceptedReason: String?
}
