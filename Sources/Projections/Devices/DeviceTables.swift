import Diagnostics
import EventLog
import Postgres

extension DeltaTable {
    static let deviceState = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS device_state_delta (
                device_key int, first_seen timestamptz, last_seen timestamptz, messages bigint, bytes bigint, telemetry bigint,
                first_telemetry timestamptz, last_telemetry timestamptz, last_property timestamptz,
                template_ref text, template_time timestamptz, template_offset bigint,
                connection smallint, connection_time timestamptz, connection_offset bigint,
                presence smallint, presence_time timestamptz, presence_offset bigint,
                provisioned smallint, provisioned_time timestamptz, provisioned_offset bigint,
                access smallint, access_time timestamptz, access_offset bigint
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "device_state_delta",
            columns: [
                "device_key", "first_seen", "last_seen", "messages", "bytes", "telemetry", "first_telemetry", "last_telemetry", "last_property",
                "template_ref", "template_time", "template_offset", "connection", "connection_time", "connection_offset", "presence", "presence_time",
                "presence_offset", "provisioned", "provisioned_time", "provisioned_offset", "access", "access_time", "access_offset",
            ]), columns: 24)

    static let deviceHour = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS device_hour_delta (
                device_key int, hour timestamptz, messages bigint, telemetry bigint, bytes bigint
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(schema: "pg_temp", table: "device_hour_delta", columns: ["device_key", "hour", "messages", "telemetry", "bytes"]), columns: 5)
}

extension CopyBuffer {
    /// Writes one row per device.
    mutating func append(_ devices: [Int32: DeviceDelta]) {
        // Sorted, so that a batch touches the pages of the table in order.
        for (device, delta) in devices.sorted(by: { $0.key < $1.key }) {
            beginRow(columns: DeltaTable.deviceState.columns)
            int32(device)
            timestamp(PostgresTimestamp(delta.firstSeen))
            timestamp(PostgresTimestamp(delta.lastSeen))
            int64(delta.messages)
            int64(delta.bytes)
            int64(delta.telemetry)
            timestamp(delta.firstTelemetry.map { PostgresTimestamp($0) })
            timestamp(delta.lastTelemetry.map { PostgresTimestamp($0) })
            timestamp(delta.lastProperty.map { PostgresTimestamp($0) })
            text(delta.template?.value)
            place(delta.template)
            int16(delta.connection?.value.rawValue)
            place(delta.connection)
            int16(delta.presence?.value.rawValue)
            place(delta.presence)
            int16(delta.provisioned.map { $0.value ? Int16(1) : 0 })
            place(delta.provisioned)
            int16(delta.access?.value.rawValue)
            place(delta.access)
        }
    }

    /// Writes one row per device and hour.
    mutating func append(_ traffic: [DeviceHour: TrafficDelta]) {
        for (key, delta) in traffic.sorted(by: { ($0.key.hour, $0.key.device) < ($1.key.hour, $1.key.device) }) {
            beginRow(columns: DeltaTable.deviceHour.columns)
            int32(key.device)
            timestamp(PostgresTimestamp(key.hour))
            int64(delta.messages)
            int64(delta.telemetry)
            int64(delta.bytes)
        }
    }

    /// Time and offset of who wrote last.
    private mutating func place<Value>(_ writer: LastWriter<Value>?) {
        timestamp(writer.map { PostgresTimestamp($0.time) })
        int64(writer?.offset)
    }
}
