package import Diagnostics
package import Postgres

/// Reads one device's events, wherever they stand, by the index on its number.
///
/// An event belongs to the device that the last decoder names: what was understood anew stands in place of what the log's own columns say.
package enum DeviceReader {
    /// The numbers of the devices of an id, by tenant; of one tenant only where it is named.
    package static func keys(of deviceID: String, tenant: String?, on connection: inout Connection) throws(PostgresError) -> [Int32] {
        try connection.query(SelectDeviceKeys(deviceID: deviceID, tenant: tenant))
    }

    /// Hands out a device's events up to and with a time, in the order of event time, source and offset, each with its source. Rows are lent one by one, so
    /// memory does not grow with their number.
    package static func read(
        device: Int32, through time: Timestamp, on connection: inout Connection, _ body: (Int32, borrowing LoggedEvent) -> Void
    ) throws(PostgresError) {
        try connection.forEachRow(SelectDeviceEvents(device: device, through: time)) { (row: borrowing RowView) throws(PostgresError) in
            let source = try row.int32(9)
            _ = try LogReader.lend(row) { event in body(source, event) }
        }
    }

    /// Hands out a device's last events by event time, the last one first, each with its source.
    ///
    /// - Parameter kinds: only these; every kind where empty.
    package static func readLast(
        _ limit: Int, device: Int32, kinds: [EventKind], on connection: inout Connection, _ body: (Int32, borrowing LoggedEvent) -> Void
    ) throws(PostgresError) {
        let events = SelectLastDeviceEvents(device: device, kinds: kinds, limit: Int64(limit))
        try connection.forEachRow(events) { (row: borrowing RowView) throws(PostgresError) in
            let source = try row.int32(9)
            _ = try LogReader.lend(row) { event in body(source, event) }
        }
    }
}

private struct SelectDeviceKeys: Statement {
    let deviceID: String
    let tenant: String?

    static let sql = "SELECT device_key FROM hindcast.device WHERE device_id = $1 AND ($2::text IS NULL OR tenant = $2) ORDER BY tenant"

    func bind(to parameters: inout Parameters) {
        parameters.append(deviceID)
        parameters.append(tenant)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

private struct SelectDeviceEvents: Statement {
    let device: Int32
    let through: Timestamp

    // Each half comes in the index's order of time, so nothing but events of one instant is sorted.
    static let sql = """
        SELECT source_offset, device_key, decoder, timestamp_type, broker_time, ingest_time, key, headers, payload, source_id FROM (
            SELECT e.event_time, e.source_offset, e.device_key, e.decoder, e.timestamp_type, e.broker_time, e.ingest_time, e.key, e.headers, e.payload,
                e.source_id
            FROM hindcast.event e
            WHERE e.device_key = $1 AND e.event_time <= $2 AND NOT EXISTS (
                SELECT FROM hindcast.event_reindex r
                WHERE r.segment = e.segment AND r.source_id = e.source_id AND r.source_offset = e.source_offset)
            UNION ALL
            SELECT r.event_time, e.source_offset, r.device_key, e.decoder, e.timestamp_type, e.broker_time, e.ingest_time, e.key, e.headers, e.payload,
                e.source_id
            FROM hindcast.event_reindex r JOIN hindcast.event e USING (segment, source_id, source_offset)
            WHERE r.device_key = $1 AND r.event_time <= $2) u
        ORDER BY event_time, source_id, source_offset
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(PostgresTimestamp(through))
    }
}

private struct SelectLastDeviceEvents: Statement {
    let device: Int32
    let kinds: [EventKind]
    let limit: Int64

    static let sql = """
        SELECT e.source_offset, e.device_key, e.decoder, e.timestamp_type, e.broker_time, e.ingest_time, e.key, e.headers, e.payload, e.source_id FROM (
            (SELECT l.segment, l.source_id, l.source_offset, l.event_time FROM hindcast.event l
            WHERE l.device_key = $1 AND (l.kind = ANY ($2) OR $2 = '{}') AND NOT EXISTS (
                SELECT FROM hindcast.event_reindex r
                WHERE r.segment = l.segment AND r.source_id = l.source_id AND r.source_offset = l.source_offset)
            ORDER BY l.event_time DESC LIMIT $3)
            UNION ALL
            (SELECT r.segment, r.source_id, r.source_offset, r.event_time FROM hindcast.event_reindex r
            WHERE r.device_key = $1 AND (r.kind = ANY ($2) OR $2 = '{}') ORDER BY r.event_time DESC LIMIT $3)) u
        JOIN hindcast.event e USING (segment, source_id, source_offset)
        ORDER BY u.event_time DESC, u.source_id DESC, u.source_offset DESC LIMIT $3
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(kinds.map { Int16($0.rawValue) })
        parameters.append(limit)
    }
}
