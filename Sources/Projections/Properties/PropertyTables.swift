import Diagnostics
import EventLog
import Postgres

extension DeltaTable {
    static let deviceProperty = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS device_property_delta (
                device_key int, section smallint, name_hash bigint, module text, component text, name text,
                versioned_at bigint, versioned_time timestamptz, versioned_offset bigint, versioned_version bigint, versioned_changed timestamptz,
                versioned_value text, versioned_ack_code int, versioned_ack_version bigint, versioned_ack_description text,
                latest_at bigint, latest_time timestamptz, latest_offset bigint, latest_version bigint, latest_changed timestamptz,
                latest_value text, latest_ack_code int, latest_ack_version bigint, latest_ack_description text
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "device_property_delta",
            columns: [
                "device_key", "section", "name_hash", "module", "component", "name", "versioned_at", "versioned_time", "versioned_offset",
                "versioned_version", "versioned_changed", "versioned_value", "versioned_ack_code", "versioned_ack_version",
                "versioned_ack_description", "latest_at", "latest_time", "latest_offset", "latest_version", "latest_changed", "latest_value",
                "latest_ack_code", "latest_ack_version", "latest_ack_description",
            ]), columns: 24)
}

extension CopyBuffer {
    /// Writes one row per value of a property, sorted as the table's key is.
    mutating func append(_ properties: [PropertyKey: PropertyDelta]) {
        let sorted = properties.sorted {
            ($0.key.device, $0.key.module, $0.key.component, $0.key.name, $0.key.section.rawValue)
                < ($1.key.device, $1.key.module, $1.key.component, $1.key.name, $1.key.section.rawValue)
        }
        for (key, delta) in sorted {
            beginRow(columns: DeltaTable.deviceProperty.columns)
            int32(key.device)
            int16(key.section.rawValue)
            int64(delta.nameHash)
            text(key.module)
            text(key.component)
            text(key.name)
            statement(delta.byVersion)
            statement(delta.byTime)
        }
    }

    private mutating func statement(_ statement: PropertyDelta.Statement?) {
        let value = statement?.value
        int64(statement?.version)
        timestamp(statement.map { PostgresTimestamp($0.time) })
        int64(statement?.offset)
        int64(value?.version)
        timestamp(value.map { PostgresTimestamp($0.changedAt) })
        text(value?.text)
        int32(value?.acknowledgement?.code)
        int64(value?.acknowledgement?.version)
        text(value?.acknowledgement?.description)
    }
}
