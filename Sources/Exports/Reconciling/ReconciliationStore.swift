import Catalog
import Diagnostics
import EventLog
import JSON
import Postgres

/// Where comparisons are kept.
enum ReconciliationStore {
    private static let copy = CopyIn(
        sql: """
            COPY hindcast.export_missing (reconciliation_id, source_offset, event_time, source_id, device_key, bytes, run, is_malformed)
            FROM STDIN (FORMAT binary)
            """)
    private static let rowsOfCopy = 20_000

    /// Stores an outcome, its missing events and the control event; says the comparison's number.
    static func write(
        _ result: Reconciliation, missing: [MissingEvent], actor: String, on connection: inout Connection
    ) throws(PostgresError) -> Int64 {
        try connection.withTransaction { (connection: inout Connection) throws(PostgresError) -> Int64 in
            guard let number = try connection.queryOne(InsertReconciliation(result: result, actor: actor)) else {
                throw PostgresError(.unexpectedValue, "storing a comparison returned no row, expected its number")
            }
            var next = 0
            if !missing.isEmpty {
                try connection.copyIn(copy) { (rows: inout CopyBuffer) throws(PostgresError) -> Bool in
                    let end = min(next + rowsOfCopy, missing.count)
                    for event in missing[next..<end] { rows.append(event, number) }
                    next = end
                    return next < missing.count
                }
            }
            let body = JSONTree.object([
                "act": .string("reconcile"), "reconciliation": .integer(number), "tenant": .string(result.route.tenant),
                "export_id": .string(result.route.exportID), "destination_id": .string(result.route.destinationID),
                "from": .string(result.times.lowerBound.rfc3339), "to": .string(result.times.upperBound.rfc3339), "missing": .integer(result.missing),
            ])
            _ = try ControlLog.append(.export, actor: actor, body: body, on: &connection)
            return number
        }
    }
}

extension CopyBuffer {
    fileprivate mutating func append(_ event: MissingEvent, _ number: Int64) {
        beginRow(columns: 8)
        int64(number)
        int64(event.offset)
        timestamp(PostgresTimestamp(event.time))
        int32(event.source)
        int32(event.device)
        int32(event.bytes)
        int32(event.run)
        bool(event.isMalformed)
    }
}

private struct InsertReconciliation: Statement {
    let result: Reconciliation
    let actor: String

    static let sql = """
        INSERT INTO hindcast.export_reconciliation (tenant, export_id, destination_id, from_time, to_time, actor, expected, delivered, missing, repeated,
            late, unexpected)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING reconciliation_id
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(result.route.tenant)
        parameters.append(result.route.exportID)
        parameters.append(result.route.destinationID)
        parameters.append(PostgresTimestamp(result.times.lowerBound))
        parameters.append(PostgresTimestamp(result.times.upperBound))
        parameters.append(actor)
        parameters.append(result.expected)
        parameters.append(result.delivered)
        parameters.append(result.missing)
        parameters.append(result.repeated)
        parameters.append(result.late)
        parameters.append(result.unexpected)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
