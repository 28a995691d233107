import Diagnostics
import Postgres

/// Adds a batch to the identities that are known. Almost always those are all, so the dearer statements that follow are seldom needed.
struct UpdateDeviceLives: Statement {
    let source: Int32

    static let sql = """
        UPDATE hindcast.device_life t SET
            first_time = least(t.first_time, s.first_time), events = t.events + s.events,
            last_time = CASE WHEN (s.last_time, s.last_offset) > (t.last_time, t.last_offset) THEN s.last_time ELSE t.last_time END,
            last_offset = CASE WHEN (s.last_time, s.last_offset) > (t.last_time, t.last_offset) THEN s.last_offset ELSE t.last_offset END
        FROM pg_temp.device_life_delta s WHERE t.source_id = $1 AND t.device_key = s.device_key AND t.generation = s.generation
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }
}

/// Adds the identities that were not known.
struct InsertDeviceLives: Statement {
    let source: Int32

    static let sql = """
        INSERT INTO hindcast.device_life (source_id, device_key, first_time, last_time, last_offset, events, generation)
        SELECT $1, s.device_key, s.first_time, s.last_time, s.last_offset, s.events, s.generation FROM pg_temp.device_life_delta s
        WHERE NOT EXISTS (
            SELECT FROM hindcast.device_life t WHERE t.source_id = $1 AND t.device_key = s.device_key AND t.generation = s.generation)
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }
}

/// Cuts the identities of the batch's devices to the greatest marks, as the fold does; see `DeviceLives`.
struct TrimDeviceLives: Statement {
    let source: Int32

    static let sql = """
        DELETE FROM hindcast.device_life t USING (
            SELECT b.device_key, b.generation FROM (SELECT DISTINCT device_key FROM pg_temp.device_life_delta) d
            CROSS JOIN LATERAL (
                SELECT l.device_key, l.generation FROM hindcast.device_life l WHERE l.source_id = $1 AND l.device_key = d.device_key
                ORDER BY l.generation DESC OFFSET $2) b) beyond
        WHERE t.source_id = $1 AND t.device_key = beyond.device_key AND t.generation = beyond.generation
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(Int64(DeviceLives.limit))
    }
}
