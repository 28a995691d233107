import Diagnostics
import EventLog
import Postgres

extension DeltaTable {
    static let deviceState = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS device_state_delta (
                device_key int, first_seen timestamptz, last_seen timestamptz, messages bigint, bytes bigint, telemetry bigint, repeated bigint,
                expired bigint, first_telemetry timestamptz, last_telemetry timestamptz, last_property timestamptz,
                template_ref text, template_time timestamptz, template_offset bigint
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "device_state_delta",
            columns: [
                "device_key", "first_seen", "last_seen", "messages", "bytes", "telemetry", "repeated", "expired", "first_telemetry", "last_telemetry",
                "last_property", "template_ref", "template_time", "template_offset",
            ]), columns: 14)

    static let deviceHour = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS device_hour_delta (
                device_key int, hour timestamptz, messages bigint, telemetry bigint, bytes bigint, repeated bigint, connects bigint, disconnects bigint,
                delayed bigint, delay_sum bigint, delay_max bigint, exportable bigint, exportable_bytes bigint
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "device_hour_delta",
            columns: [
                "device_key", "hour", "messages", "telemetry", "bytes", "repeated", "connects", "disconnects", "delayed", "delay_sum", "delay_max",
                "exportable", "exportable_bytes",
            ]), columns: 13)

    static let sourceHour = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS source_hour_delta (
                tenant text, hour timestamptz, messages bigint, telemetry bigint, bytes bigint, repeated bigint
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "source_hour_delta", columns: ["tenant", "hour", "messages", "telemetry", "bytes", "repeated"]), columns: 6)
}

extension CopyBuffer {
    /// Writes one row per device.
    mutating func append(_ devices: [(key: Int32, value: DeviceDelta)]) {
        for (device, delta) in devices {
            beginRow(columns: DeltaTable.deviceState.columns)
            int32(device)
            timestamp(PostgresTimestamp(delta.firstSeen))
            timestamp(PostgresTimestamp(delta.lastSeen))
            int64(delta.messages)
            int64(delta.bytes)
            int64(delta.telemetry)
            int64(delta.repeated)
            int64(delta.expired)
            timestamp(delta.firstTelemetry.map { PostgresTimestamp($0) })
            timestamp(delta.lastTelemetry.map { PostgresTimestamp($0) })
            timestamp(delta.lastProperty.map { PostgresTimestamp($0) })
            text(delta.template?.value)
            place(delta.template)
        }
    }

    /// Writes one row per device and hour.
    mutating func append(_ traffic: [DeviceHour: TrafficDelta]) {
        for (key, delta) in traffic.sorted(by: { ($0.key.device, $0.key.hour) < ($1.key.device, $1.key.hour) }) {
            beginRow(columns: DeltaTable.deviceHour.columns)
            int32(key.device)
            timestamp(PostgresTimestamp(key.hour))
            int64(delta.messages)
            int64(delta.telemetry)
            int64(delta.bytes)
            int64(delta.repeated)
            int64(delta.connects)
            int64(delta.disconnects)
            int64(delta.delayed)
            int64(delta.delaySum)
            int64(delta.delayMax)
            int64(delta.exportable)
            int64(delta.exportableBytes)
        }
    }

    /// Writes one row per tenant and hour.
    mutating func append(_ tenants: [TenantHour: TenantTraffic]) {
        for (key, delta) in tenants {
            beginRow(columns: DeltaTable.sourceHour.columns)
            text(key.tenant)
            timestamp(PostgresTimestamp(key.hour))
            int64(delta.messages)
            int64(delta.telemetry)
            int64(delta.bytes)
            int64(delta.repeated)
        }
    }

    /// Time and offset of who wrote last.
    mutating func place<Value>(_ writer: LastWriter<Value>?) {
        timestamp(writer.map { PostgresTimestamp($0.time) })
        int64(writer?.offset)
    }
}
