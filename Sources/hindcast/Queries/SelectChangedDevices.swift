import Postgres

/// Counts the devices that a run would help and those that it would hurt, from `diagnostics.replay_changes`.
struct SelectChangedDevices: Statement {
    struct Row: Equatable, Sendable {
        /// Devices with fewer errors and warnings, and with none more.
        let fixed: Int64
        /// Devices with errors or warnings that appear or are more often.
        let broken: Int64
    }

    let run: Int32

    static let sql = """
        SELECT count(*) FILTER (WHERE d.fewer > 0 AND d.more = 0), count(*) FILTER (WHERE d.more > 0)
        FROM (
            SELECT sum(greatest(c.count_after - c.count_before, 0)) AS more, sum(greatest(c.count_before - c.count_after, 0)) AS fewer
            FROM diagnostics.replay_changes c WHERE c.run_id = $1 AND c.severity IN ('error', 'warning') GROUP BY c.tenant, c.device_id) d
        """

    func bind(to parameters: inout Parameters) { parameters.append(run) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row { Row(fixed: try row.int64(0), broken: try row.int64(1)) }
}
