import Diagnostics
import EventLog
import Postgres

/// Merges a batch into the states of devices: sums, minima and maxima; of each fact what was written last by (time, offset) stays.
struct MergeDeviceStates: Statement {
    let source: Int32

    // A fact that one side lacks compares as unknown and is taken from the other side.
    static let sql = """
        MERGE INTO hindcast.device_state t USING pg_temp.device_state_delta s ON t.source_id = $1 AND t.device_key = s.device_key
        WHEN MATCHED THEN UPDATE SET
            first_seen = least(t.first_seen, s.first_seen), last_seen = greatest(t.last_seen, s.last_seen),
            messages = t.messages + s.messages, bytes = t.bytes + s.bytes, telemetry = t.telemetry + s.telemetry,
            first_telemetry = least(t.first_telemetry, s.first_telemetry), last_telemetry = greatest(t.last_telemetry, s.last_telemetry),
            last_property = greatest(t.last_property, s.last_property),
            template_ref = CASE WHEN s.template_time IS NULL OR (s.template_time, s.template_offset) <= (t.template_time, t.template_offset)
                THEN t.template_ref ELSE s.template_ref END,
            template_time = CASE WHEN s.template_time IS NULL OR (s.template_time, s.template_offset) <= (t.template_time, t.template_offset)
                THEN t.template_time ELSE s.template_time END,
            template_offset = CASE WHEN s.template_time IS NULL OR (s.template_time, s.template_offset) <= (t.template_time, t.template_offset)
                THEN t.template_offset ELSE s.template_offset END,
            connection = CASE WHEN s.connection_time IS NULL OR (s.connection_time, s.connection_offset) <= (t.connection_time, t.connection_offset)
                THEN t.connection ELSE s.connection END,
            connection_time = CASE WHEN s.connection_time IS NULL OR (s.connection_time, s.connection_offset) <= (t.connection_time, t.connection_offset)
                THEN t.connection_time ELSE s.connection_time END,
            connection_offset = CASE WHEN s.connection_time IS NULL OR (s.connection_time, s.connection_offset) <= (t.connection_time, t.connection_offset)
                THEN t.connection_offset ELSE s.connection_offset END,
            presence = CASE WHEN s.presence_time IS NULL OR (s.presence_time, s.presence_offset) <= (t.presence_time, t.presence_offset)
                THEN t.presence ELSE s.presence END,
            presence_time = CASE WHEN s.presence_time IS NULL OR (s.presence_time, s.presence_offset) <= (t.presence_time, t.presence_offset)
                THEN t.presence_time ELSE s.presence_time END,
            presence_offset = CASE WHEN s.presence_time IS NULL OR (s.presence_time, s.presence_offset) <= (t.presence_time, t.presence_offset)
                THEN t.presence_offset ELSE s.presence_offset END,
            provisioned = CASE WHEN s.provisioned_time IS NULL OR (s.provisioned_time, s.provisioned_offset) <= (t.provisioned_time, t.provisioned_offset)
                THEN t.provisioned ELSE s.provisioned END,
            provisioned_time = CASE WHEN s.provisioned_time IS NULL
                OR (s.provisioned_time, s.provisioned_offset) <= (t.provisioned_time, t.provisioned_offset)
                THEN t.provisioned_time ELSE s.provisioned_time END,
            provisioned_offset = CASE WHEN s.provisioned_time IS NULL
                OR (s.provisioned_time, s.provisioned_offset) <= (t.provisioned_time, t.provisioned_offset)
                THEN t.provisioned_offset ELSE s.provisioned_offset END,
            access = CASE WHEN s.access_time IS NULL OR (s.access_time, s.access_offset) <= (t.access_time, t.access_offset)
                THEN t.access ELSE s.access END,
            access_time = CASE WHEN s.access_time IS NULL OR (s.access_time, s.access_offset) <= (t.access_time, t.access_offset)
                THEN t.access_time ELSE s.access_time END,
            access_offset = CASE WHEN s.access_time IS NULL OR (s.access_time, s.access_offset) <= (t.access_time, t.access_offset)
                THEN t.access_offset ELSE s.access_offset END
        WHEN NOT MATCHED THEN INSERT (
            source_id, device_key, first_seen, last_seen, messages, bytes, telemetry, first_telemetry, last_telemetry, last_property,
            template_ref, template_time, template_offset, connection, connection_time, connection_offset, presence, presence_time, presence_offset,
            provisioned, provisioned_time, provisioned_offset, access, access_time, access_offset)
        VALUES (
            $1, s.device_key, s.first_seen, s.last_seen, s.messages, s.bytes, s.telemetry, s.first_telemetry, s.last_telemetry, s.last_property,
            s.template_ref, s.template_time, s.template_offset, s.connection, s.connection_time, s.connection_offset, s.presence, s.presence_time,
            s.presence_offset, s.provisioned, s.provisioned_time, s.provisioned_offset, s.access, s.access_time, s.access_offset)
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }
}

/// Adds a batch to the traffic per device and hour. The range of hours lets the planner leave all other days out.
struct MergeDeviceHours: Statement {
    let source: Int32
    let hours: ClosedRange<Timestamp>

    static let sql = """
        MERGE INTO hindcast.device_hour t USING pg_temp.device_hour_delta s
        ON t.hour = s.hour AND t.hour >= $2 AND t.hour <= $3 AND t.source_id = $1 AND t.device_key = s.device_key
        WHEN MATCHED THEN UPDATE SET messages = t.messages + s.messages, telemetry = t.telemetry + s.telemetry, bytes = t.bytes + s.bytes
        WHEN NOT MATCHED THEN INSERT (hour, messages, telemetry, bytes, source_id, device_key)
        VALUES (s.hour, s.messages, s.telemetry, s.bytes, $1, s.device_key)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(PostgresTimestamp(hours.lowerBound))
        parameters.append(PostgresTimestamp(hours.upperBound))
    }
}
