import Diagnostics
import EventLog
import Postgres

extension DeltaTable {
    static let deviceFact = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS device_fact_delta (
                device_key int, connection smallint, connection_time timestamptz, connection_offset bigint,
                presence smallint, presence_time timestamptz, presence_offset bigint,
                provisioned smallint, provisioned_time timestamptz, provisioned_offset bigint,
                approved smallint, approved_time timestamptz, approved_offset bigint,
                access smallint, access_time timestamptz, access_offset bigint,
                simulated smallint, simulated_time timestamptz, simulated_offset bigint,
                template_assigned_time timestamptz, template_assigned_offset bigint,
                hub_connection smallint, hub_connection_time timestamptz, hub_connection_offset bigint, hub_sequence text COLLATE "C"
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "device_fact_delta",
            columns: [
                "device_key", "connection", "connection_time", "connection_offset", "presence", "presence_time", "presence_offset", "provisioned",
                "provisioned_time", "provisioned_offset", "approved", "approved_time", "approved_offset", "access", "access_time", "access_offset",
                "simulated", "simulated_time", "simulated_offset", "template_assigned_time", "template_assigned_offset", "hub_connection",
                "hub_connection_time", "hub_connection_offset", "hub_sequence",
            ]), columns: 25)

    static let deviceLife = DeltaTable(
        definition: """
            CREATE TEMPORARY TABLE IF NOT EXISTS device_life_delta (
                device_key int, generation text COLLATE "C", first_time timestamptz, last_time timestamptz, last_offset bigint, events bigint
            ) ON COMMIT DELETE ROWS
            """,
        copy: CopyIn(
            schema: "pg_temp", table: "device_life_delta",
            columns: ["device_key", "generation", "first_time", "last_time", "last_offset", "events"]), columns: 6)
}

extension CopyBuffer {
    /// Writes one row per device of which a fact was told that few events speak of.
    mutating func appendFacts(_ devices: [(key: Int32, value: DeviceDelta)]) {
        for (device, delta) in devices where delta.hasFacts {
            beginRow(columns: DeltaTable.deviceFact.columns)
            int32(device)
            int16(delta.connection?.value.rawValue)
            place(delta.connection)
            int16(delta.presence?.value.rawValue)
            place(delta.presence)
            int16(delta.provisioned?.storedValue)
            place(delta.provisioned)
            int16(delta.approved?.storedValue)
            place(delta.approved)
            int16(delta.access?.value.rawValue)
            place(delta.access)
            int16(delta.simulated?.storedValue)
            place(delta.simulated)
            place(delta.templateAssigned)
            int16(delta.hubConnection?.value.rawValue)
            timestamp(delta.hubConnection.map { PostgresTimestamp($0.time) })
            int64(delta.hubConnection?.offset)
            text(delta.hubConnection?.sequence.text)
        }
    }

    /// Writes one row per device and identity.
    mutating func appendLives(_ devices: [(key: Int32, value: DeviceDelta)]) {
        for (device, delta) in devices {
            for life in delta.lives.all {
                beginRow(columns: DeltaTable.deviceLife.columns)
                int32(device)
                text(life.generation)
                timestamp(PostgresTimestamp(life.firstTime))
                timestamp(PostgresTimestamp(life.lastTime))
                int64(life.lastOffset)
                int64(life.events)
            }
        }
    }
}

extension DeviceDelta {
    fileprivate var hasFacts: Bool {
        connection != nil || hubConnection != nil || presence != nil || provisioned != nil || approved != nil || access != nil || simulated != nil
            || templateAssigned != nil
    }
}
