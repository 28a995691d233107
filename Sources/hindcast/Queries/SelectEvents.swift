import Diagnostics
import Postgres

/// Reads one event from `diagnostics.raw_events`.
struct SelectEvent: Statement {
    let source: Int32
    let offset: Int64

    static let sql = "SELECT \(EventRow.columns) FROM diagnostics.raw_events WHERE source_id = $1 AND source_offset = $2"

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(offset)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> EventRow { try EventRow(row) }
}

/// One row of `diagnostics.raw_events`.
struct EventRow: Sendable {
    static let columns = """
        tenant, segment, source_id, source_offset, device_id, kind, envelope, module, component, event_time, broker_time, ingest_time, key, headers,
        payload
        """

    let tenant: String
    let segment: Int16
    let source: Int32
    let offset: Int64
    let device: String
    let kind: String
    let envelope: String
    let module: String?
    let component: String?
    let eventTime: Timestamp
    let brokerTime: Timestamp?
    let ingestTime: Timestamp
    let key: [UInt8]?
    /// In the layout of `HeaderBytes`.
    let headers: [UInt8]
    let payload: [UInt8]?

    init(_ row: borrowing RowView) throws(PostgresError) {
        tenant = try row.string(0)
        segment = try row.int16(1)
        source = try row.int32(2)
        offset = try row.int64(3)
        device = try row.string(4)
        kind = try row.string(5)
        envelope = try row.string(6)
        module = try row.stringOrNil(7)
        component = try row.stringOrNil(8)
        eventTime = Timestamp(microseconds: try row.timestamp(9).rawValue)
        brokerTime = try row.timestampOrNil(10).map { Timestamp(microseconds: $0.rawValue) }
        ingestTime = Timestamp(microseconds: try row.timestamp(11).rawValue)
        key = try row.byteArrayOrNil(12)
        headers = try row.byteArray(13)
        payload = try row.byteArrayOrNil(14)
    }
}
