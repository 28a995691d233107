import Postgres

/// Reads the records of one device from `diagnostics.raw_events`, each source in its order.
struct SelectDeviceRecords: Statement {
    let device: String
    /// Empty for every tenant.
    let tenant: String

    static let sql = """
        SELECT source_id, tenant, broker_time, ingest_time, key, headers, payload FROM diagnostics.raw_events
        WHERE device_id = $1 AND ($2 = '' OR tenant = $2) ORDER BY source_id, source_offset
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(tenant)
    }
}
