package import Diagnostics
import EventLog
package import Postgres

extension BackfillPlan {
    /// Looks up what a request comes to: the stretch, and the newest comparison that covers all of it.
    ///
    /// - Throws: ``ExportJobError/Code/requestInvalid`` where there is no such gap, export or destination, or the log cannot give the events back.
    package static func make(
        _ stretch: BackfillRequest.Stretch, now: Timestamp, on connection: inout Connection
    ) throws(ExportJobError) -> BackfillPlan {
        switch stretch {
        case .gap(let id): return try gap(id, now: now, on: &connection)
        case .times(let route, let times):
            _ = try RouteExpectation.find(route, on: &connection)
            guard !times.isEmpty else {
                throw ExportJobError(
                    .requestInvalid,
                    "From \(times.lowerBound.rfc3339) to \(times.upperBound.rfc3339) is no stretch of time, expected the end after the beginning.")
            }
            let reconciliation = try covering(route, times, on: &connection)
            return BackfillPlan(route: route, times: times, gapID: nil, offsets: nil, reconciliation: reconciliation)
        }
    }

    private static func gap(_ id: String, now: Timestamp, on connection: inout Connection) throws(ExportJobError) -> BackfillPlan {
        let row = try connection.doing { (connection: inout Connection) throws(PostgresError) in try connection.queryOne(SelectGap(gap: id)) }
        guard let row else {
            throw ExportJobError(.requestInvalid, "There is no gap \"\(id)\"; `hindcast export gaps` lists them.")
        }
        guard row.recovery == "log" else {
            throw ExportJobError(
                .requestInvalid,
                "Gap \(id) cannot be filled from the log\(row.reason.isEmpty ? "" : ": \(row.reason)")\(row.recovery == "service-history" ? ". The service's own history has its events until the deadline that `hindcast export gaps` shows" : "")."
            )
        }
        let times = row.start..<max(row.start, row.end ?? now)
        let reconciliation = try covering(row.route, times, on: &connection) ?? row.reconciliation
        return BackfillPlan(route: row.route, times: times, gapID: id, offsets: row.offsets, reconciliation: reconciliation)
    }

    private static func covering(
        _ route: ExportRoute, _ times: Range<Timestamp>, on connection: inout Connection
    ) throws(ExportJobError) -> Int64? {
        try connection.doing { (connection: inout Connection) throws(PostgresError) in
            try connection.queryOne(SelectCovering(route: route, times: times))
        }
    }
}

private struct SelectGap: Statement {
    struct Row: Sendable {
        let route: ExportRoute
        let start: Timestamp
        let end: Timestamp?
        let offsets: BackfillOffsets?
        let reconciliation: Int64?
        let recovery: String
        let reason: String
    }

    let gap: String

    static let sql = """
        SELECT tenant, export_id, destination_id, starts_at, ends_at, extent = 'offsets', topic, partition, first_offset, last_offset, reconciliation_id,
            recovery, recovery_reason
        FROM hindcast.export_gap WHERE gap_id = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(gap) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        var offsets: BackfillOffsets?
        if try row.bool(5), let partition = try row.int32OrNil(7), let first = try row.int64OrNil(8), let last = try row.int64OrNil(9), first <= last
        {
            offsets = BackfillOffsets(topic: try row.string(6), partition: partition, range: first...last)
        }
        return Row(
            route: ExportRoute(tenant: try row.string(0), exportID: try row.string(1), destinationID: try row.string(2)),
            start: Timestamp(try row.timestamp(3)), end: try row.timestampOrNil(4).map { Timestamp($0) }, offsets: offsets,
            reconciliation: try row.int64OrNil(10), recovery: try row.string(11), reason: try row.string(12))
    }
}

private struct SelectCovering: Statement {
    let route: ExportRoute
    let times: Range<Timestamp>

    static let sql = """
        SELECT reconciliation_id FROM hindcast.export_reconciliation
        WHERE tenant = $1 AND export_id = $2 AND destination_id = $3 AND from_time <= $4 AND to_time >= $5 ORDER BY reconciliation_id DESC LIMIT 1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(route.tenant)
        parameters.append(route.exportID)
        parameters.append(route.destinationID)
        parameters.append(PostgresTimestamp(times.lowerBound))
        parameters.append(PostgresTimestamp(times.upperBound))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
