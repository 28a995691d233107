import EventLog
import Postgres

struct BeginReplay: Statement {
    let run: Int32
    /// Whose answer is copied; nil copies none.
    let base: Int32?

    static let sql = "SELECT hindcast.begin_replay($1, $2)"

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(base)
    }
}

struct InsertTouched: Statement {
    let run: Int32
    let keys: [Int32]

    static let sql = "INSERT INTO hindcast.replay_device (run_id, device_key) SELECT $1, k FROM unnest($2::int[]) AS k"

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(keys)
    }
}

struct InsertChunks: Statement {
    let run: Int32
    let source: Int32
    let first: Int32
    let ranges: [LogRange]

    static let sql = """
        INSERT INTO hindcast.replay_chunk (run_id, source_id, chunk, from_offset, to_offset, events)
        SELECT $1, $2, $3 + r.place::int - 1, r.from_offset, r.to_offset, r.events
        FROM unnest($4::bigint[], $5::bigint[], $6::bigint[]) WITH ORDINALITY AS r (from_offset, to_offset, events, place)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(source)
        parameters.append(first)
        parameters.append(ranges.map(\.offsets.lowerBound))
        parameters.append(ranges.map(\.offsets.upperBound))
        parameters.append(ranges.map(\.events))
    }
}

struct InsertRunSource: Statement {
    let run: Int32
    let row: ReplayPlan.Source
    let range: Range<Int64>
    let controlSeq: Int64

    static let sql = """
        INSERT INTO hindcast.replay_source (
            run_id, source_id, cut_offset, begin_offset, end_offset, in_force_offset, control_seq, events, lost_events)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(row.source)
        parameters.append(row.cut)
        parameters.append(range.lowerBound)
        parameters.append(range.upperBound)
        parameters.append(row.inForce)
        parameters.append(controlSeq)
        parameters.append(row.events)
        parameters.append(row.lost)
    }
}

/// What the plan found out, once its devices and chunks are there.
struct FinishPlan: Statement {
    let run: Int32
    let readsAll: Bool
    let obstacle: String?
    let lost: Int64
    let controlSeq: Int64
    let base: Int32

    static let sql = """
        UPDATE hindcast.replay_run r SET reads_all = $2, obstacle = $3, lost_events = $4, control_seq = $5,
            (covered_devices, carried_devices, carried_events) = (
                SELECT count(*) FILTER (WHERE t.is_read), count(*) FILTER (WHERE NOT t.is_read),
                    coalesce(sum(t.messages) FILTER (WHERE NOT t.is_read), 0)::bigint
                FROM (
                    SELECT v.device_key, sum(v.messages) AS messages,
                        $2 OR EXISTS (SELECT FROM hindcast.replay_device d WHERE d.run_id = $1 AND d.device_key = v.device_key) AS is_read
                    FROM hindcast.device_verdict v WHERE v.generation = $6 GROUP BY v.device_key) t)
        WHERE r.run_id = $1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(readsAll)
        parameters.append(obstacle)
        parameters.append(lost)
        parameters.append(controlSeq)
        parameters.append(base)
    }
}
