import Catalog
import Diagnostics
import EventLog
import Hashing
import Postgres

struct SelectRun: Statement {
    let run: Int32

    static let sql = "SELECT \(runColumns) FROM hindcast.replay_run WHERE run_id = $1"

    func bind(to parameters: inout Parameters) { parameters.append(run) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ReplayRun { try ReplayRun(row) }
}

struct SelectRuns: Statement {
    static let sql = "SELECT \(runColumns) FROM hindcast.replay_run ORDER BY run_id"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ReplayRun { try ReplayRun(row) }
}

private let runColumns = """
    run_id, purpose, state, resumes_in, generation, base_generation, template_id, template_version_key, devices, from_time, to_time, obstacle, failure,
    chunk_events, reads_all, refolds_base, covered_devices, carried_devices, carried_events, lost_events, planned_at, started_at, finished_at,
    appeared, disappeared, changed, new_errors, judged_events, diff_sha256, from_template_id
    """

struct InsertRun: Statement {
    let request: ReplayRequest
    let generation: Int32
    let base: Int32
    let tried: TriedVersion?

    static let sql = """
        INSERT INTO hindcast.replay_run (
            purpose, state, generation, base_generation, template_id, template_version_key, devices, from_time, to_time, chunk_events, reads_all,
            refolds_base, from_template_id)
        VALUES ($1, 'planned', $2, $3, $4, $5, $6, $7, $8, $9, true, $8 IS NOT NULL, $10) RETURNING run_id
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(request.purpose.rawValue)
        parameters.append(generation)
        parameters.append(base)
        parameters.append(tried?.templateID)
        parameters.append(tried?.key ?? 0)
        parameters.append(request.devices)
        parameters.append(request.fromTime.map { PostgresTimestamp($0) })
        parameters.append(request.toTime.map { PostgresTimestamp($0) })
        parameters.append(Int32(clamping: request.chunkEvents))
        parameters.append(tried?.from)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

/// Moves a run, if it is where the caller believes it to be.
struct MoveRun: Statement {
    let run: Int32
    let from: [Generation.State]
    let to: Generation.State
    let failure: String?
    let comparesState: Bool

    // 1. What is interrupted remembers where it goes on. 2. The times of the first start and of the end.
    static let sql = """
        UPDATE hindcast.replay_run SET
            resumes_in = CASE WHEN $3 IN ('paused', 'failed') THEN state END, state = $3, failure = $4,
            started_at = CASE WHEN $3 = 'loading' THEN coalesce(started_at, clock_timestamp()) ELSE started_at END,
            finished_at = CASE WHEN $3 IN ('ready', 'failed', 'aborted') THEN coalesce(finished_at, clock_timestamp()) ELSE finished_at END
        WHERE run_id = $1 AND (state = ANY ($2) OR NOT $5)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(from.map(\.rawValue))
        parameters.append(to.rawValue)
        parameters.append(failure)
        parameters.append(comparesState)
    }
}

extension ReplayRun {
    /// The columns of `runColumns`, in this order.
    init(_ row: borrowing RowView) throws(PostgresError) {
        let id = try row.int32(0)
        let resumesIn = try row.stringOrNil(3)
        guard let purpose = Purpose(rawValue: try row.string(1)), let state = Generation.State(rawValue: try row.string(2)) else {
            throw PostgresError(
                .unexpectedValue,
                "replay \(id) has purpose '\(try row.string(1))' and state '\(try row.string(2))', which this program does not know",
                advice: "upgrade it")
        }
        var summary: Summary?
        if let bytes = try row.byteArrayOrNil(28), let digest = SHA256Digest(bytes: bytes) {
            summary = Summary(
                appeared: try row.int64(23), disappeared: try row.int64(24), changed: try row.int64(25), newErrors: try row.int64(26),
                judged: try row.int64(27), digest: digest)
        }
        self.init(
            id: id, purpose: purpose, state: state, resumesIn: resumesIn.flatMap(Generation.State.init(rawValue:)), generation: try row.int32(4),
            base: try row.int32(5), templateID: try row.stringOrNil(6), migratesFrom: try row.stringOrNil(29), versionKey: try row.int32(7),
            devices: try row.array(8, of: String.self), fromTime: try row.timestampOrNil(9).map { Timestamp($0) },
            toTime: try row.timestampOrNil(10).map { Timestamp($0) }, obstacle: try row.stringOrNil(11), failure: try row.stringOrNil(12),
            chunkEvents: Int(try row.int32(13)), readsAll: try row.bool(14), refoldsBase: try row.bool(15), coveredDevices: try row.int64(16),
            carriedDevices: try row.int64(17), carriedEvents: try row.int64(18), lostEvents: try row.int64(19),
            plannedAt: Timestamp(try row.timestamp(20)), startedAt: try row.timestampOrNil(21).map { Timestamp($0) },
            finishedAt: try row.timestampOrNil(22).map { Timestamp($0) }, summary: summary)
    }
}
