import Postgres

/// Derives what is said about some devices, and counts the fleet: functions of `m0009_device_snapshot`, where the rules stand.
struct DeriveDevices: Statement {
    let generation: Int32
    let devices: [Int32]

    static let sql = "SELECT hindcast.refresh_device_snapshot($1, $2)"

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(devices)
    }
}

struct CountFleet: Statement {
    let generation: Int32

    static let sql = "SELECT hindcast.count_fleet($1)"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }
}

// MARK: - Which devices

/// Says which devices have to be looked at.
protocol DeviceSelection: Statement where Row == Int32 {
    var generation: Int32 { get }
    var limit: Int64 { get }
}

extension DeviceSelection {
    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

/// Those whose label or counts change by the passing of time.
struct SelectDueDevices: DeviceSelection {
    let generation: Int32
    let limit: Int64

    static let sql = """
        SELECT device_key FROM hindcast.device_snapshot WHERE generation = $1 AND next_due <= now() ORDER BY next_due LIMIT $2
        """
}

/// Silent ones whose silence has another cause by now: their source fell silent or came back, or an export of their tenant was switched off or on.
struct SelectMisjudgedDevices: DeviceSelection {
    let generation: Int32
    let limit: Int64

    static let sql = """
        (SELECT s.device_key FROM hindcast.source_pulse p
        CROSS JOIN LATERAL (
            SELECT s.device_key FROM hindcast.device_snapshot s
            WHERE s.generation = $1 AND s.is_silent AND s.last_source = p.source_id AND s.source_silent = (p.silent_after >= now()) LIMIT $2) s
        LIMIT $2)
        UNION
        (SELECT s.device_key FROM (
            SELECT x.tenant, coalesce(hindcast.exports_off_until(x.tenant), '-infinity') AS off_until FROM hindcast.export_event x
            WHERE x.act IN ('enabled', 'disabled') GROUP BY x.tenant) x
        CROSS JOIN LATERAL (
            (SELECT s.device_key FROM hindcast.device_snapshot s
            WHERE s.generation = $1 AND s.is_silent AND s.tenant = x.tenant AND NOT s.export_off AND s.last_telemetry <= x.off_until LIMIT $2)
            UNION ALL
            (SELECT s.device_key FROM hindcast.device_snapshot s
            WHERE s.generation = $1 AND s.is_silent AND s.tenant = x.tenant AND s.export_off AND s.last_telemetry > x.off_until LIMIT $2)) s
        LIMIT $2)
        LIMIT $2
        """
}

/// Those of a pass over all, in the order of their keys: devices with facts, and those that had some when they were looked at last.
struct SelectNextDevices: Statement {
    let generation: Int32
    let after: Int32
    let limit: Int64

    static let sql = """
        SELECT device_key FROM (
            (SELECT DISTINCT device_key FROM hindcast.device_state WHERE device_key > $2 ORDER BY device_key LIMIT $3)
            UNION
            (SELECT device_key FROM hindcast.device_snapshot WHERE generation = $1 AND device_key > $2 ORDER BY device_key LIMIT $3)) d
        ORDER BY device_key LIMIT $3
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(after)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

// MARK: - Progress

/// One row where a pass has to begin.
struct BeginPass: Statement {
    let generation: Int32
    let derivation: Int32

    static let sql = """
        INSERT INTO hindcast.snapshot_progress AS p (generation, derivation, next_device) VALUES ($1, $2, 0)
        ON CONFLICT (generation) DO UPDATE SET derivation = excluded.derivation, next_device = 0 WHERE p.derivation <> excluded.derivation
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(derivation)
    }
}

/// Has the next round begin a pass.
struct ForgetDerivation: Statement {
    let generation: Int32

    static let sql = "UPDATE hindcast.snapshot_progress SET derivation = 0 WHERE generation = $1"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }
}

/// The last device that a pass has looked at; no row where it is through.
struct SelectPass: Statement {
    let generation: Int32

    static let sql = "SELECT next_device FROM hindcast.snapshot_progress WHERE generation = $1 AND next_device IS NOT NULL"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

struct AdvancePass: Statement {
    let generation: Int32
    /// Nil where there are no more.
    let last: Int32?

    static let sql = "UPDATE hindcast.snapshot_progress SET next_device = $2 WHERE generation = $1"

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(last)
    }
}

/// How far every projection that a generation's answer is made of has come, by source.
private let reached = """
    SELECT c.source_id, min(c.next_offset) AS next_offset FROM hindcast.projection_checkpoint c
    WHERE c.generation IN (0, $1) GROUP BY c.source_id HAVING bool_or(c.generation = $1)
    """

struct ResetPositions: Statement {
    let generation: Int32

    static let sql = """
        INSERT INTO hindcast.snapshot_position (generation, source_id, next_offset)
        SELECT $1, r.source_id, r.next_offset FROM (\(reached)) r
        ON CONFLICT (generation, source_id) DO UPDATE SET next_offset = excluded.next_offset
        """

    func bind(to parameters: inout Parameters) { parameters.append(generation) }
}

/// What of each source is to be followed; first what is furthest behind, so that no source waits for ever behind busier ones.
struct SelectRanges: Statement {
    struct Row: Sendable {
        let source: Int32
        let from: Int64
        let end: Int64
    }

    let generation: Int32

    static let sql = """
        SELECT r.source_id, coalesce(p.next_offset, 0), r.next_offset FROM (\(reached)) r
        LEFT JOIN hindcast.snapshot_position p ON p.generation = $1 AND p.source_id = r.source_id
        WHERE coalesce(p.next_offset, 0) < r.next_offset ORDER BY r.next_offset - coalesce(p.next_offset, 0) DESC, r.source_id
        """

    func bind(to parameters: inout Parameters) { parameters.append(generation) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(source: try row.int32(0), from: try row.int64(1), end: try row.int64(2))
    }
}

struct MovePosition: Statement {
    let generation: Int32
    let source: Int32
    let nextOffset: Int64

    static let sql = """
        INSERT INTO hindcast.snapshot_position (generation, source_id, next_offset) VALUES ($1, $2, $3)
        ON CONFLICT (generation, source_id) DO UPDATE SET next_offset = excluded.next_offset
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(source)
        parameters.append(nextOffset)
    }
}

// MARK: - Generations that are kept no more

struct SelectForgotten: Statement {
    let generations: [Int32]

    static let sql = "SELECT generation FROM hindcast.snapshot_progress WHERE generation <> ALL ($1) ORDER BY generation LIMIT 1"

    func bind(to parameters: inout Parameters) { parameters.append(generations) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

/// Deletes some devices with their causes, and says how many.
struct ForgetDevices: Statement {
    let generation: Int32
    let limit: Int64

    static let sql = """
        WITH old AS MATERIALIZED (SELECT device_key FROM hindcast.device_snapshot WHERE generation = $1 ORDER BY device_key LIMIT $2),
        causes AS (DELETE FROM hindcast.device_cause c USING old s WHERE c.generation = $1 AND c.device_key = s.device_key),
        devices AS (DELETE FROM hindcast.device_snapshot d USING old s WHERE d.generation = $1 AND d.device_key = s.device_key RETURNING 1)
        SELECT count(*) FROM devices
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(limit)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

struct ForgetGeneration: Statement {
    let generation: Int32

    static let sql = """
        WITH positions AS (DELETE FROM hindcast.snapshot_position WHERE generation = $1),
        fleet AS (DELETE FROM hindcast.fleet_snapshot WHERE generation = $1),
        causes AS (DELETE FROM hindcast.fleet_cause WHERE generation = $1)
        DELETE FROM hindcast.snapshot_progress WHERE generation = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(generation) }
}
