package import Postgres

/// Which devices are simulated: an export under a managed identity leaves them out.
package enum SimulatedDevices {
    /// The numbers of a tenant's devices of which the last word, by time, source and offset, is that they are simulated.
    package static func all(tenant: String, on connection: inout Connection) throws(PostgresError) -> Set<Int32> {
        Set(try connection.query(SelectSimulated(tenant: tenant)))
    }
}

private struct SelectSimulated: Statement {
    let tenant: String

    // The index has the few rows that say so; each device is then judged by all of its rows.
    static let sql = """
        SELECT c.device_key FROM (SELECT DISTINCT s.device_key FROM hindcast.device_state s WHERE s.simulated = 1) c
        JOIN hindcast.device d ON d.device_key = c.device_key AND d.tenant = $1
        CROSS JOIN LATERAL (
            SELECT s.simulated FROM hindcast.device_state s WHERE s.device_key = c.device_key AND s.simulated_time IS NOT NULL
            ORDER BY s.simulated_time DESC, s.source_id DESC, s.simulated_offset DESC LIMIT 1) l
        WHERE l.simulated = 1
        """

    func bind(to parameters: inout Parameters) { parameters.append(tenant) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}
