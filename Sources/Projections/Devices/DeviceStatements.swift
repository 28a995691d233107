import Diagnostics
import EventLog
import Postgres

/// Merges a batch into what changes with every event of a device: sums, minima, maxima, and the template that was named last.
struct MergeDeviceStates: Statement {
    let source: Int32

    // A template that one side lacks compares as unknown and is taken from the other side.
    static let sql = """
        MERGE INTO hindcast.device_state t USING pg_temp.device_state_delta s ON t.source_id = $1 AND t.device_key = s.device_key
        WHEN MATCHED THEN UPDATE SET
            first_seen = least(t.first_seen, s.first_seen), last_seen = greatest(t.last_seen, s.last_seen),
            messages = t.messages + s.messages, bytes = t.bytes + s.bytes, telemetry = t.telemetry + s.telemetry,
            repeated = t.repeated + s.repeated, expired = t.expired + s.expired,
            first_telemetry = least(t.first_telemetry, s.first_telemetry), last_telemetry = greatest(t.last_telemetry, s.last_telemetry),
            last_property = greatest(t.last_property, s.last_property),
            template_ref = CASE WHEN s.template_time IS NULL OR (s.template_time, s.template_offset) <= (t.template_time, t.template_offset)
                THEN t.template_ref ELSE s.template_ref END,
            template_time = CASE WHEN s.template_time IS NULL OR (s.template_time, s.template_offset) <= (t.template_time, t.template_offset)
                THEN t.template_time ELSE s.template_time END,
            template_offset = CASE WHEN s.template_time IS NULL OR (s.template_time, s.template_offset) <= (t.template_time, t.template_offset)
                THEN t.template_offset ELSE s.template_offset END
        WHEN NOT MATCHED THEN INSERT (
            source_id, device_key, first_seen, last_seen, messages, bytes, telemetry, repeated, expired, first_telemetry, last_telemetry, last_property,
            template_ref, template_time, template_offset)
        VALUES (
            $1, s.device_key, s.first_seen, s.last_seen, s.messages, s.bytes, s.telemetry, s.repeated, s.expired, s.first_telemetry, s.last_telemetry,
            s.last_property, s.template_ref, s.template_time, s.template_offset)
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }
}

/// Merges a batch into the facts that few events speak of; the devices' rows are there, from ``MergeDeviceStates``. Of each fact what was written last by (time,
/// offset) stays, of words on a connection with a sequence number the one with the greatest.
struct MergeDeviceFacts: Statement {
    let source: Int32

    static let sql = """
        UPDATE hindcast.device_state t SET
            \(assignments.joined(separator: ",\n    "))
        FROM pg_temp.device_fact_delta s WHERE t.source_id = $1 AND t.device_key = s.device_key
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }

    private static var assignments: [String] {
        let byTime = ["connection", "presence", "provisioned", "approved", "access", "simulated"].flatMap { fact in
            later([fact, "\(fact)_time", "\(fact)_offset"], by: ["\(fact)_time", "\(fact)_offset"])
        }
        let assigned = ["template_assigned_time", "template_assigned_offset"]
        let order = ["hub_sequence", "hub_connection_time", "hub_connection_offset"]
        return byTime + later(assigned, by: assigned) + later(["hub_connection"] + order, by: order)
    }

    /// What one side lacks compares as unknown and is taken from the other side.
    private static func later(_ columns: [String], by order: [String]) -> [String] {
        let (new, kept) = (order.map { "s.\($0)" }.joined(separator: ", "), order.map { "t.\($0)" }.joined(separator: ", "))
        return columns.map { "\($0) = CASE WHEN s.\(order[0]) IS NULL OR (\(new)) <= (\(kept)) THEN t.\($0) ELSE s.\($0) END" }
    }
}

/// Adds a batch to the traffic per device and hour. The range of hours lets the planner leave all other days out.
struct MergeDeviceHours: Statement {
    let source: Int32
    let hours: ClosedRange<Timestamp>

    static let sql = """
        MERGE INTO hindcast.device_hour t USING pg_temp.device_hour_delta s
        ON t.hour = s.hour AND t.hour >= $2 AND t.hour <= $3 AND t.source_id = $1 AND t.device_key = s.device_key
        WHEN MATCHED THEN UPDATE SET messages = t.messages + s.messages, telemetry = t.telemetry + s.telemetry, bytes = t.bytes + s.bytes,
            repeated = t.repeated + s.repeated, connects = t.connects + s.connects, disconnects = t.disconnects + s.disconnects,
            delayed = t.delayed + s.delayed, delay_sum = t.delay_sum + s.delay_sum, delay_max = greatest(t.delay_max, s.delay_max),
            exportable = t.exportable + s.exportable, exportable_bytes = t.exportable_bytes + s.exportable_bytes
        WHEN NOT MATCHED THEN INSERT (
            hour, messages, telemetry, bytes, repeated, connects, disconnects, delayed, delay_sum, delay_max, exportable, exportable_bytes, source_id,
            device_key)
        VALUES (
            s.hour, s.messages, s.telemetry, s.bytes, s.repeated, s.connects, s.disconnects, s.delayed, s.delay_sum, s.delay_max, s.exportable,
            s.exportable_bytes, $1, s.device_key)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(PostgresTimestamp(hours.lowerBound))
        parameters.append(PostgresTimestamp(hours.upperBound))
    }
}

/// Adds a batch to the traffic per tenant and hour.
struct MergeSourceHours: Statement {
    let source: Int32

    static let sql = """
        MERGE INTO hindcast.source_hour t USING pg_temp.source_hour_delta s ON t.source_id = $1 AND t.tenant = s.tenant AND t.hour = s.hour
        WHEN MATCHED THEN UPDATE SET messages = t.messages + s.messages, telemetry = t.telemetry + s.telemetry, bytes = t.bytes + s.bytes,
            repeated = t.repeated + s.repeated
        WHEN NOT MATCHED THEN INSERT (hour, messages, telemetry, bytes, repeated, source_id, tenant)
        VALUES (s.hour, s.messages, s.telemetry, s.bytes, s.repeated, $1, s.tenant)
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }
}
