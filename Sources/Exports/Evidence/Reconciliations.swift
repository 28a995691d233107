import Diagnostics
import EventLog
import Postgres

/// Comparisons as gaps need them: the runs of what was missing. A comparison never changes, so its runs are read once.
enum Reconciliations {
    static func all(
        grace: Int64, known: [ExportRoute: [ReconciledStretch]], on connection: inout Connection
    ) throws(PostgresError) -> [ExportRoute: [ReconciledStretch]] {
        var stretches: [ExportRoute: [ReconciledStretch]] = [:]
        for (route, stretch) in try connection.query(SelectReconciliations()) {
            var stretch = stretch
            if let read = known[route]?.first(where: { $0.id == stretch.id }) {
                stretch = read
            } else {
                stretch.runs = try connection.query(SelectRuns(reconciliation: stretch.id, grace: grace))
            }
            stretches[route, default: []].append(stretch)
        }
        return stretches
    }
}

private struct SelectReconciliations: Statement {
    static let sql = """
        SELECT tenant, export_id, destination_id, reconciliation_id, from_time, to_time, as_of FROM hindcast.export_reconciliation
        ORDER BY reconciliation_id
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (ExportRoute, ReconciledStretch) {
        (
            ExportRoute(tenant: try row.string(0), exportID: try row.string(1), destinationID: try row.string(2)),
            ReconciledStretch(
                id: try row.int64(3), from: Timestamp(try row.timestamp(4)), to: Timestamp(try row.timestamp(5)),
                asOf: Timestamp(try row.timestamp(6)), runs: [])
        )
    }
}

private struct SelectRuns: Statement {
    let reconciliation: Int64
    let grace: Int64

    // Where the comparison did not number its runs, a longer time than the grace period without a missing event ends one.
    static let sql = """
        SELECT min(event_time), max(event_time), count(*), is_malformed FROM (
            SELECT event_time, is_malformed, coalesce(run::bigint, -sum(CASE WHEN begins THEN 1 ELSE 0 END) OVER (
                PARTITION BY is_malformed ORDER BY event_time, source_id, source_offset)) AS run
            FROM (
                SELECT m.event_time, m.is_malformed, m.run, m.source_id, m.source_offset,
                    m.event_time - lag(m.event_time) OVER (PARTITION BY m.is_malformed ORDER BY m.event_time, m.source_id, m.source_offset)
                        > $2 * interval '1 microsecond' AS begins
                FROM hindcast.export_missing m WHERE m.reconciliation_id = $1) m) r
        GROUP BY is_malformed, run ORDER BY 1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(reconciliation)
        parameters.append(Double(grace))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> MissingRun {
        MissingRun(
            start: Timestamp(try row.timestamp(0)), end: Timestamp(try row.timestamp(1)), events: try row.int64(2), isMalformed: try row.bool(3))
    }
}
