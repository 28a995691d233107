import Diagnostics
import Postgres

/// Merges a batch into the values of properties: of each row the last by version, and the last by time.
struct MergeProperties: Statement {
    let source: Int32

    // 1. Mostly both are news. 2. An event without a version, or late in the count of versions. 3. One that is late by its time alone.
    static let sql = """
        MERGE INTO hindcast.device_property t USING pg_temp.device_property_delta s
        ON t.device_key = s.device_key AND t.source_id = $1 AND t.module = s.module AND t.component = s.component AND t.name = s.name
            AND t.section = s.section
        WHEN MATCHED AND (s.latest_time, s.latest_offset) > (t.latest_time, t.latest_offset) AND s.versioned_time IS NOT NULL
            AND (t.versioned_time IS NULL
                OR (s.versioned_at, s.versioned_time, s.versioned_offset) > (t.versioned_at, t.versioned_time, t.versioned_offset)) THEN UPDATE SET
            versioned_at = s.versioned_at, versioned_time = s.versioned_time, versioned_offset = s.versioned_offset,
            versioned_version = s.versioned_version, versioned_changed = s.versioned_changed, versioned_value = s.versioned_value,
            versioned_ack_code = s.versioned_ack_code, versioned_ack_version = s.versioned_ack_version,
            versioned_ack_description = s.versioned_ack_description, latest_at = s.latest_at, latest_time = s.latest_time,
            latest_offset = s.latest_offset, latest_version = s.latest_version, latest_changed = s.latest_changed, latest_value = s.latest_value,
            latest_ack_code = s.latest_ack_code, latest_ack_version = s.latest_ack_version, latest_ack_description = s.latest_ack_description
        WHEN MATCHED AND (s.latest_time, s.latest_offset) > (t.latest_time, t.latest_offset) THEN UPDATE SET
            latest_at = s.latest_at, latest_time = s.latest_time, latest_offset = s.latest_offset, latest_version = s.latest_version,
            latest_changed = s.latest_changed, latest_value = s.latest_value, latest_ack_code = s.latest_ack_code,
            latest_ack_version = s.latest_ack_version, latest_ack_description = s.latest_ack_description
        WHEN MATCHED AND s.versioned_time IS NOT NULL AND (t.versioned_time IS NULL
            OR (s.versioned_at, s.versioned_time, s.versioned_offset) > (t.versioned_at, t.versioned_time, t.versioned_offset)) THEN UPDATE SET
            versioned_at = s.versioned_at, versioned_time = s.versioned_time, versioned_offset = s.versioned_offset,
            versioned_version = s.versioned_version, versioned_changed = s.versioned_changed, versioned_value = s.versioned_value,
            versioned_ack_code = s.versioned_ack_code, versioned_ack_version = s.versioned_ack_version,
            versioned_ack_description = s.versioned_ack_description
        WHEN NOT MATCHED THEN INSERT (
            versioned_at, versioned_time, versioned_offset, versioned_version, versioned_changed, versioned_value, versioned_ack_code,
            versioned_ack_version, versioned_ack_description, latest_at, latest_time, latest_offset, latest_version, latest_changed, latest_value,
            latest_ack_code, latest_ack_version, latest_ack_description, name_hash, source_id, device_key, section, module, component, name)
        VALUES (
            s.versioned_at, s.versioned_time, s.versioned_offset, s.versioned_version, s.versioned_changed, s.versioned_value, s.versioned_ack_code,
            s.versioned_ack_version, s.versioned_ack_description, s.latest_at, s.latest_time, s.latest_offset, s.latest_version, s.latest_changed,
            s.latest_value, s.latest_ack_code, s.latest_ack_version, s.latest_ack_description, s.name_hash, $1, s.device_key, s.section, s.module,
            s.component, s.name)
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }
}

/// Cuts the names of a device's module to the smallest hashes, as the fold does; see `PropertyFold.namesPerModule`.
struct TrimPropertyNames: Statement {
    let source: Int32

    // 1. The modules that the batch touched, and of them the few that have too many names: counted before they are ranked, which is dearer.
    // 2. Their names, by hash. 3. What is beyond goes; a row's place is good for one statement, since nobody else writes these rows.
    static let sql = """
        WITH touched AS (SELECT DISTINCT device_key, module FROM pg_temp.device_property_delta WHERE name_hash <> 0),
        crowded AS MATERIALIZED (
            SELECT w.device_key, w.module FROM touched w CROSS JOIN LATERAL (
                SELECT count(DISTINCT p.name_hash) AS names FROM hindcast.device_property p
                WHERE p.device_key = w.device_key AND p.source_id = $1 AND p.module = w.module AND p.name_hash <> 0) k
            WHERE k.names > $2),
        beyond AS MATERIALIZED (
            SELECT r.row_place FROM crowded w CROSS JOIN LATERAL (
                SELECT p.ctid AS row_place, dense_rank() OVER (ORDER BY p.name_hash) AS place FROM hindcast.device_property p
                WHERE p.device_key = w.device_key AND p.source_id = $1 AND p.module = w.module AND p.name_hash <> 0) r
            WHERE r.place > $2)
        DELETE FROM hindcast.device_property p USING beyond b WHERE p.ctid = b.row_place
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(Int64(PropertyFold.namesPerModule))
    }
}
