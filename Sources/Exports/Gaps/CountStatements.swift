import Diagnostics
import EventLog
import Postgres

struct SelectCounts: Statement {
    struct Row: Sendable {
        let gap: String
        let source: Int32
        let extent: CountedExtent
    }

    static let sql = """
        SELECT gap_id, source_id, first_offset, next_offset, except_first, except_last, ends_at, tally_from, tally_to, tally_next
        FROM hindcast.export_gap_count
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        var except: Range<Int64>?
        if let first = try row.int64OrNil(4), let last = try row.int64OrNil(5) { except = first..<last + 1 }
        let next = try row.int64(3)
        var tally: HourTally?
        // One that the log has been counted past is of no meaning any more.
        if let from = try row.timestampOrNil(7), let to = try row.timestampOrNil(8), let tallied = try row.int64OrNil(9), tallied > next {
            tally = HourTally(hours: Timestamp(from)..<Timestamp(to), next: tallied)
        }
        return Row(
            gap: try row.string(0), source: try row.int32(1),
            extent: CountedExtent(
                first: try row.int64(2), next: next, except: except, end: try row.timestampOrNil(6).map { Timestamp($0) }, tally: tally))
    }
}

/// Begins to count a gap, anew where it was counted by other definitions.
struct BeginCount: Statement {
    let id: String
    let mark: String

    static let sql = """
        WITH counts AS (DELETE FROM hindcast.export_gap_count WHERE gap_id = $1),
        devices AS (DELETE FROM hindcast.export_gap_device WHERE gap_id = $1)
        UPDATE hindcast.export_gap SET counted_by = $2, devices = 0, events = 0, bytes = 0, counted_at = NULL WHERE gap_id = $1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(mark)
    }
}

/// Says what a gap's counts rest on, where they have followed the evidence.
struct MarkCount: Statement {
    let id: String
    let mark: String

    static let sql = "UPDATE hindcast.export_gap SET counted_by = $2 WHERE gap_id = $1"

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(mark)
    }
}

/// Says that gaps are counted as far as the log is known, where that was not said yet.
struct MarkCounted: Statement {
    let ids: [String]

    static let sql = "UPDATE hindcast.export_gap SET counted_at = clock_timestamp() WHERE gap_id = ANY ($1) AND counted_at IS NULL"

    func bind(to parameters: inout Parameters) { parameters.append(ids) }
}

struct StoreCount: Statement {
    let gap: String
    let source: Int32
    let extent: CountedExtent

    static let sql = """
        INSERT INTO hindcast.export_gap_count (gap_id, source_id, first_offset, next_offset, except_first, except_last, ends_at, tally_from, tally_to,
            tally_next)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (gap_id, source_id) DO UPDATE SET
            first_offset = excluded.first_offset, next_offset = excluded.next_offset, except_first = excluded.except_first,
            except_last = excluded.except_last, ends_at = excluded.ends_at, tally_from = excluded.tally_from, tally_to = excluded.tally_to,
            tally_next = excluded.tally_next
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(gap)
        parameters.append(source)
        parameters.append(extent.first)
        parameters.append(extent.next)
        parameters.append(extent.except?.lowerBound)
        parameters.append(extent.except.map { $0.upperBound - 1 })
        parameters.append(extent.end.map { PostgresTimestamp($0) })
        parameters.append((extent.tally?.hours.lowerBound).map { PostgresTimestamp($0) })
        parameters.append((extent.tally?.hours.upperBound).map { PostgresTimestamp($0) })
        parameters.append(extent.tally?.next)
    }
}

/// Adds what was counted to the devices of a gap and to its totals.
struct AddCounts: Statement {
    let gap: String
    let source: Int32
    let counts: [(key: Int32, value: DeviceCount)]
    let simulated: Set<Int32>

    // A device counts as one as long as any event of it is left, whatever the source.
    static let sql = """
        WITH w AS MATERIALIZED (
            SELECT u.*, u.events - CASE WHEN u.is_simulated THEN u.real_events ELSE 0 END AS shown,
                u.bytes - CASE WHEN u.is_simulated THEN u.real_bytes ELSE 0 END AS shown_bytes
            FROM unnest($3::int4[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::bool[])
                AS u (device_key, events, bytes, real_events, real_bytes, is_simulated)),
        compared AS (
            SELECT w.shown, w.shown_bytes, b.shown AS shown_before FROM w
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(d.events - CASE WHEN w.is_simulated THEN d.real_events ELSE 0 END), 0)::bigint AS shown
                FROM hindcast.export_gap_device d WHERE d.gap_id = $1 AND d.device_key = w.device_key) b),
        stored AS (
            INSERT INTO hindcast.export_gap_device AS d (gap_id, source_id, device_key, events, bytes, real_events, real_bytes)
            SELECT $1, $2, w.device_key, w.events, w.bytes, w.real_events, w.real_bytes FROM w
            ON CONFLICT (gap_id, device_key, source_id) DO UPDATE SET
                events = d.events + excluded.events, bytes = d.bytes + excluded.bytes, real_events = d.real_events + excluded.real_events,
                real_bytes = d.real_bytes + excluded.real_bytes)
        UPDATE hindcast.export_gap g SET events = g.events + c.events, bytes = g.bytes + c.bytes, devices = g.devices + c.devices,
            counted_at = clock_timestamp()
        FROM (
            SELECT coalesce(sum(k.shown), 0)::bigint AS events, coalesce(sum(k.shown_bytes), 0)::bigint AS bytes,
                count(*) FILTER (WHERE k.shown_before = 0 AND k.shown > 0) - count(*) FILTER (WHERE k.shown_before > 0 AND k.shown_before + k.shown = 0)
                    AS devices
            FROM compared k) c
        WHERE g.gap_id = $1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(gap)
        parameters.append(source)
        parameters.append(counts.map(\.key))
        parameters.append(counts.map(\.value.events))
        parameters.append(counts.map(\.value.bytes))
        parameters.append(counts.map(\.value.realEvents))
        parameters.append(counts.map(\.value.realBytes))
        parameters.append(counts.map { simulated.contains($0.key) })
    }
}

/// Makes a gap's totals anew out of its devices, without those events that are not expected of simulated ones.
struct TotalGap: Statement {
    let id: String
    let simulated: [Int32]

    static let sql = """
        UPDATE hindcast.export_gap g SET devices = c.devices, events = c.events, bytes = c.bytes
        FROM (
            SELECT count(*) FILTER (WHERE t.events > 0) AS devices, coalesce(sum(t.events), 0)::bigint AS events,
                coalesce(sum(t.bytes), 0)::bigint AS bytes
            FROM (
                SELECT d.device_key, sum(d.events - CASE WHEN d.device_key = ANY ($2) THEN d.real_events ELSE 0 END) AS events,
                    sum(d.bytes - CASE WHEN d.device_key = ANY ($2) THEN d.real_bytes ELSE 0 END) AS bytes
                FROM hindcast.export_gap_device d WHERE d.gap_id = $1 GROUP BY d.device_key) t) c
        WHERE g.gap_id = $1 AND g.events IS NOT NULL AND (g.devices, g.events, g.bytes) IS DISTINCT FROM (c.devices, c.events, c.bytes)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(simulated)
    }
}
