import Diagnostics
import Postgres

/// Reads `diagnostics.device_properties` of one device.
struct SelectProperties: Statement {
    let tenant: String
    let device: String

    static let sql = """
        SELECT module, component, property, desired, desired_version, reported, reported_version, ack_code::int, ack_version, ack_description, in_sync,
            changed_at, cloud
        FROM diagnostics.device_properties WHERE tenant = $1 AND device_id = $2 ORDER BY module, component, property
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(device)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> PropertyRow {
        PropertyRow(
            module: try row.string(0), component: try row.string(1), property: try row.string(2), desired: try row.stringOrNil(3),
            desiredVersion: try row.int64OrNil(4), reported: try row.stringOrNil(5), reportedVersion: try row.int64OrNil(6),
            acknowledgement: try row.int32OrNil(7), acknowledgedVersion: try row.int64OrNil(8), acknowledgementText: try row.stringOrNil(9),
            isInSync: try row.boolOrNil(10), changedAt: try row.timestampOrNil(11).map { Timestamp(microseconds: $0.rawValue) },
            cloud: try row.stringOrNil(12))
    }
}

/// One row of `diagnostics.device_properties`, without the names of its device.
struct PropertyRow: Hashable, Sendable {
    let module: String
    let component: String
    let property: String
    /// JSON text, cut where it is long; nil for none.
    let desired: String?
    let desiredVersion: Int64?
    let reported: String?
    let reportedVersion: Int64?
    let acknowledgement: Int32?
    let acknowledgedVersion: Int64?
    let acknowledgementText: String?
    let isInSync: Bool?
    let changedAt: Timestamp?
    let cloud: String?
}

/// Reads `diagnostics.device_errors` of one device, the last report first.
struct SelectDeviceErrors: Statement {
    let tenant: String
    let device: String

    static let sql = """
        SELECT origin, status, subcode, coalesce(name, ''), meaning, mitigation, count, first_seen, last_seen, last_source, last_offset, message
        FROM diagnostics.device_errors WHERE tenant = $1 AND device_id = $2 ORDER BY last_seen DESC, origin, status, subcode
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(device)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> DeviceErrorRow {
        DeviceErrorRow(
            origin: try row.string(0), status: try row.int32(1), subcode: try row.string(2), name: try row.string(3), meaning: try row.stringOrNil(4),
            mitigation: try row.stringOrNil(5), count: try row.int64(6), firstSeen: Timestamp(microseconds: try row.timestamp(7).rawValue),
            lastSeen: Timestamp(microseconds: try row.timestamp(8).rawValue), lastSource: try row.int32(9), lastOffset: try row.int64(10),
            message: try row.stringOrNil(11))
    }
}

/// One row of `diagnostics.device_errors`, without the names of its device.
struct DeviceErrorRow: Hashable, Sendable {
    let origin: String
    let status: Int32
    let subcode: String
    /// Empty where nothing is known of the code, and what it means then is nil.
    let name: String
    let meaning: String?
    let mitigation: String?
    let count: Int64
    let firstSeen: Timestamp
    let lastSeen: Timestamp
    let lastSource: Int32
    let lastOffset: Int64
    let message: String?
}
