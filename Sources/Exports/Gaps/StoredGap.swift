import Diagnostics
import EventLog
import Postgres

/// A gap as the table has it, as far as finding and counting need it.
struct StoredGap: Sendable {
    let id: String
    let route: ExportRoute
    let start: Timestamp
    let end: Timestamp?
    let isAccepted: Bool
    let isFilled: Bool
    let backfilled: Int64
    /// What was expected when its events were counted.
    let mark: String
    /// Whether they are counted to that end in every source, so that nothing has to be taken away any more.
    let isCountedToEnd: Bool
}

struct SelectGaps: Statement {
    static let sql = """
        SELECT g.gap_id, g.tenant, g.export_id, g.destination_id, g.starts_at, g.ends_at, g.accepted, g.filled, g.backfilled_events, g.counted_by,
            NOT EXISTS (SELECT FROM hindcast.export_gap_count c WHERE c.gap_id = g.gap_id AND c.ends_at IS DISTINCT FROM g.ends_at)
        FROM hindcast.export_gap g
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> StoredGap {
        StoredGap(
            id: try row.string(0), route: ExportRoute(tenant: try row.string(1), exportID: try row.string(2), destinationID: try row.string(3)),
            start: Timestamp(try row.timestamp(4)), end: try row.timestampOrNil(5).map { Timestamp($0) }, isAccepted: try row.bool(6),
            isFilled: try row.bool(7), backfilled: try row.int64(8), mark: try row.string(9),
            isCountedToEnd: try row.bool(10))
    }
}

/// Writes a gap as the evidence shows it now. What an operator said of it stays, and so do its counts.
struct UpsertGap: Statement {
    let id: String
    let gap: FoundGap
    let isCountable: Bool
    let recovery: GapRecovery

    static let sql = """
        INSERT INTO hindcast.export_gap AS g (
            gap_id, tenant, export_id, destination_id, starts_at, ends_at, cause, certainty, extent, evidence, topic, partition, first_offset, last_offset,
            reconciliation_id, devices, events, bytes, recovery, recovery_reason, backfill_deadline)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, CASE WHEN $16 THEN 0 END, CASE WHEN $16 THEN 0 END,
            CASE WHEN $16 THEN 0 END, $17, $18, $19)
        ON CONFLICT (gap_id) DO UPDATE SET
            ends_at = excluded.ends_at, cause = excluded.cause, certainty = excluded.certainty, evidence = excluded.evidence,
            last_offset = excluded.last_offset, reconciliation_id = excluded.reconciliation_id, recovery = excluded.recovery,
            recovery_reason = excluded.recovery_reason, backfill_deadline = excluded.backfill_deadline, filled = false,
            devices = CASE WHEN $16 THEN coalesce(g.devices, 0) END, events = CASE WHEN $16 THEN coalesce(g.events, 0) END,
            bytes = CASE WHEN $16 THEN coalesce(g.bytes, 0) END
        WHERE (g.ends_at, g.cause, g.certainty, g.evidence, g.last_offset, g.reconciliation_id, g.recovery, g.recovery_reason, g.backfill_deadline, g.filled,
            g.events IS NOT NULL) IS DISTINCT FROM (excluded.ends_at, excluded.cause, excluded.certainty, excluded.evidence, excluded.last_offset,
            excluded.reconciliation_id, excluded.recovery, excluded.recovery_reason, excluded.backfill_deadline, false, $16)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(gap.route.tenant)
        parameters.append(gap.route.exportID)
        parameters.append(gap.route.destinationID)
        parameters.append(PostgresTimestamp(gap.start))
        parameters.append(gap.end.map { PostgresTimestamp($0) })
        parameters.append(gap.cause.rawValue)
        parameters.append(gap.certainty.rawValue)
        var offsets: (topic: String, partition: Int32?, first: Int64?, last: Int64?) = ("", nil, nil, nil)
        var reconciliation: Int64?
        switch gap.extent {
        case .time: parameters.append("time")
        case .offsets(let topic, let partition, let first, let last):
            parameters.append("offsets")
            offsets = (topic, partition, first, last)
        case .listed(let number):
            parameters.append("listed")
            reconciliation = number
        }
        parameters.append(gap.evidence)
        parameters.append(offsets.topic)
        parameters.append(offsets.partition)
        parameters.append(offsets.first)
        parameters.append(offsets.last)
        parameters.append(reconciliation)
        parameters.append(isCountable)
        parameters.append(recovery.place.rawValue)
        parameters.append(recovery.reason)
        parameters.append(recovery.deadline.map { PostgresTimestamp($0) })
    }
}

/// Removes gaps that the evidence does not show any more, with their counts.
struct DeleteGaps: Statement {
    let ids: [String]

    static let sql = "DELETE FROM hindcast.export_gap WHERE gap_id = ANY ($1)"

    func bind(to parameters: inout Parameters) { parameters.append(ids) }
}

/// Marks gaps that were given back and that later evidence does not show any more.
struct FillGaps: Statement {
    let ids: [String]
    let asOf: Timestamp

    static let sql = """
        UPDATE hindcast.export_gap SET filled = true, ends_at = coalesce(ends_at, greatest($2, starts_at)) WHERE gap_id = ANY ($1) AND NOT filled
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(ids)
        parameters.append(PostgresTimestamp(asOf))
    }
}

/// Counts the events that a reconciliation names: they lie in a table of their own, one by one.
struct CountListed: Statement {
    let id: String
    let mark: String
    let reconciliation: Int64
    let isMalformed: Bool

    static let sql = """
        UPDATE hindcast.export_gap g SET devices = c.devices, events = c.events, bytes = c.bytes, counted_by = $2, counted_at = clock_timestamp()
        FROM (
            SELECT count(DISTINCT m.device_key) AS devices, count(*) AS events, coalesce(sum(m.bytes), 0)::bigint AS bytes
            FROM hindcast.export_gap o JOIN hindcast.export_missing m ON m.reconciliation_id = $3 AND m.is_malformed = $4
                AND m.event_time >= o.starts_at AND (o.ends_at IS NULL OR m.event_time < o.ends_at)
            WHERE o.gap_id = $1) c
        WHERE g.gap_id = $1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(mark)
        parameters.append(reconciliation)
        parameters.append(isMalformed)
    }
}
