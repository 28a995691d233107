package import Diagnostics
package import Postgres

/// What the read models hold, in a few numbers that do not depend on the order in which rows were written: two databases, or two generations, that agree
/// here hold the same.
package struct ProjectionDigest: Equatable, Sendable {
    /// The exact set of a generation's findings: counts and lanes of all rows of `finding`, added modulo 2⁶⁴.
    package let findings: FindingDigest
    /// Rows and their hash, per table. Devices are named by tenant and id, so that numbering does not matter.
    package let tables: [Table]

    /// One table.
    package struct Table: Equatable, Sendable {
        package let name: String
        package let rows: Int64
        /// The sum of `hashtextextended` over the rows' text, modulo 2⁶⁴.
        package let hash: Int64
    }

    /// Reads the digest of a generation and of what no template touches.
    package static func read(generation: Int32, on connection: inout Connection) throws(PostgresError) -> ProjectionDigest {
        let findings = try connection.queryOne(SumFindings(generation: generation)) ?? FindingDigest()
        return ProjectionDigest(findings: findings, tables: try connection.query(SumTables(generation: generation)))
    }
}

private struct SumFindings: Statement {
    let generation: Int32

    static let sql = """
        SELECT coalesce(sum(count), 0)::bigint, hindcast.wrap64(coalesce(sum(lane0), 0)), hindcast.wrap64(coalesce(sum(lane1), 0))
        FROM hindcast.finding WHERE generation = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(generation) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> FindingDigest {
        FindingDigest(count: try row.int64(0), lane0: UInt64(bitPattern: try row.int64(1)), lane1: UInt64(bitPattern: try row.int64(2)))
    }
}

private struct SumTables: Statement {
    let generation: Int32

    static let sql = """
        WITH line (name, line) AS (
            SELECT 'device_state', ROW(d.tenant, d.device_id, t.source_id, t.first_seen, t.last_seen, t.messages, t.bytes, t.telemetry, t.repeated,
                t.expired, t.first_telemetry, t.last_telemetry, t.last_property, t.template_ref, t.template_time, t.template_offset, t.template_assigned_time,
                t.template_assigned_offset, t.connection, t.connection_time, t.connection_offset, t.hub_connection, t.hub_sequence, t.hub_connection_time,
                t.hub_connection_offset, t.presence, t.presence_time, t.presence_offset, t.provisioned, t.provisioned_time, t.provisioned_offset,
                t.approved, t.approved_time, t.approved_offset, t.access, t.access_time, t.access_offset, t.simulated, t.simulated_time,
                t.simulated_offset)::text
            FROM hindcast.device_state t JOIN hindcast.device d USING (device_key)
            UNION ALL
            SELECT 'device_life', ROW(d.tenant, d.device_id, t.source_id, t.generation, t.first_time, t.last_time, t.last_offset, t.events)::text
            FROM hindcast.device_life t JOIN hindcast.device d USING (device_key)
            UNION ALL
            SELECT 'device_hour', ROW(d.tenant, d.device_id, t.source_id, t.hour, t.messages, t.telemetry, t.bytes, t.repeated, t.connects, t.disconnects,
                t.delayed, t.delay_sum, t.delay_max, t.exportable, t.exportable_bytes)::text
            FROM hindcast.device_hour t JOIN hindcast.device d USING (device_key)
            UNION ALL
            SELECT 'source_hour', ROW(t.source_id, t.tenant, t.hour, t.messages, t.telemetry, t.bytes, t.repeated)::text FROM hindcast.source_hour t
            UNION ALL
            SELECT 'device_property', ROW(d.tenant, d.device_id, t.source_id, t.section, t.module, t.component, t.name, t.name_hash, t.versioned_at,
                t.versioned_time, t.versioned_offset, t.versioned_version, t.versioned_changed, t.versioned_value, t.versioned_ack_code,
                t.versioned_ack_version, t.versioned_ack_description, t.latest_at, t.latest_time, t.latest_offset, t.latest_version,
                t.latest_changed, t.latest_value, t.latest_ack_code, t.latest_ack_version, t.latest_ack_description)::text
            FROM hindcast.device_property t JOIN hindcast.device d USING (device_key)
            UNION ALL
            SELECT 'device_error', ROW(d.tenant, d.device_id, t.source_id, t.origin, t.status, t.subcode, t.count, t.first_time, t.first_offset,
                t.last_time, t.last_offset, t.name_hash, t.message, t.cause)::text
            FROM hindcast.device_error t JOIN hindcast.device d USING (device_key)
            UNION ALL
            SELECT 'export_event', ROW(t.source_id, t.source_offset, t.event_time, t.since, t.first_offset, t.last_offset, t.events, t.partition,
                t.tenant, t.act, t.export_id, t.destination_id, t.topic, t.code, t.message, t.body)::text
            FROM hindcast.export_event t
            UNION ALL
            SELECT 'device_verdict', ROW(d.tenant, d.device_id, t.source_id, t.template_version_key, t.judged_time, t.judged_offset, t.messages,
                t.failed)::text
            FROM hindcast.device_verdict t JOIN hindcast.device d USING (device_key) WHERE t.generation = $1
            UNION ALL
            SELECT 'verdict_hour', ROW(d.tenant, d.device_id, t.source_id, t.hour, t.messages, t.failed, t.warned, t.malformed)::text
            FROM hindcast.verdict_hour t JOIN hindcast.device d USING (device_key) WHERE t.generation = $1
            UNION ALL
            SELECT 'source_verdict_hour', ROW(t.source_id, t.tenant, t.hour, t.messages, t.failed, t.warned, t.malformed)::text
            FROM hindcast.source_verdict_hour t WHERE t.generation = $1
            UNION ALL
            SELECT 'finding', ROW(d.tenant, d.device_id, t.source_id, t.day, t.template_version_key, t.module, t.component, t.path, t.rule, t.count, t.lane0,
                t.lane1, t.first_time, t.first_offset, t.last_time, t.last_offset, t.name_hash, t.byte_offset, t.severity, t.template_ref, t.expected,
                t.actual, t.message, t.suggestion)::text
            FROM hindcast.finding t JOIN hindcast.device d USING (device_key) WHERE t.generation = $1
            UNION ALL
            SELECT 'finding_hour', ROW(t.hour, t.source_id, t.tenant, t.template_version_key, t.template_ref, t.component, t.path, t.rule, t.severity,
                t.count)::text
            FROM hindcast.finding_hour t WHERE t.generation = $1)
        SELECT name, count(*), hindcast.wrap64(sum(hashtextextended(line, 0))) FROM line GROUP BY name ORDER BY name
        """

    func bind(to parameters: inout Parameters) { parameters.append(generation) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ProjectionDigest.Table {
        ProjectionDigest.Table(name: try row.string(0), rows: try row.int64(1), hash: try row.int64(2))
    }
}
