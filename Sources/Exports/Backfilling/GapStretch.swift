import Diagnostics
import EventLog
import Postgres

/// A gap's part of the log, as it is counted: by what of a backfill counts for it, and by what is sent for it where no comparison says which events are missing.
struct GapStretch: Equatable, Sendable {
    /// Of one source: what of it may belong to the gap.
    struct Source: Equatable, Sendable {
        /// The first offset.
        let first: Int64
        /// Offsets that receipts say the destination has.
        let except: ClosedRange<Int64>?
    }

    /// The gap.
    let id: String
    /// Its first instant.
    let start: Timestamp
    /// The first instant after it; nil while it is open.
    let end: Timestamp?
    /// The last offset, where the gap is made of offsets.
    let last: Int64?
    /// The comparison that names its events, where one does.
    let reconciliation: Int64?
    /// By source; a gap that is made of times has more than are listed.
    var sources: [Int32: Source]

    /// Whether an event belongs to the gap by where it stands and when it was; a comparison may still say that it is not missing.
    func holds(source: Int32, offset: Int64, time: Timestamp) -> Bool {
        guard start <= time, time < (end ?? .endOfTime) else { return false }
        let part = sources[source]
        if let last { return part.map { $0.first <= offset && offset <= last } ?? false }
        return part?.except?.contains(offset) != true
    }

    /// The gaps of a route that a backfill may give events back to: the one that was named, or all that its times touch.
    static func all(of plan: BackfillPlan, on connection: inout Connection) throws(PostgresError) -> [GapStretch] {
        var found: [String: GapStretch] = [:]
        for row in try connection.query(SelectGapParts(plan: plan)) {
            var gap = found[row.gap.id] ?? row.gap
            if let (source, part) = row.part { gap.sources[source] = part }
            found[gap.id] = gap
        }
        return found.values.sorted { $0.id < $1.id }
    }
}

/// Each gap with each of the sources that it is counted in; once without one, where it is not counted yet.
private struct SelectGapParts: Statement {
    struct Row: Sendable {
        let gap: GapStretch
        let part: (Int32, GapStretch.Source)?
    }

    let plan: BackfillPlan

    static let sql = """
        SELECT g.gap_id, g.starts_at, g.ends_at, CASE WHEN g.extent = 'offsets' THEN g.last_offset END,
            CASE WHEN g.extent = 'listed' THEN g.reconciliation_id END, c.source_id, c.first_offset, c.except_first, c.except_last
        FROM hindcast.export_gap g LEFT JOIN hindcast.export_gap_count c USING (gap_id)
        WHERE g.tenant = $1 AND g.export_id = $2 AND g.destination_id = $3 AND g.cause <> 'malformed' AND g.recovery = 'log'
            AND g.starts_at < $5 AND coalesce(g.ends_at, 'infinity') > $4 AND ($6::text IS NULL OR g.gap_id = $6)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(plan.route.tenant)
        parameters.append(plan.route.exportID)
        parameters.append(plan.route.destinationID)
        parameters.append(PostgresTimestamp(plan.times.lowerBound))
        parameters.append(PostgresTimestamp(plan.times.upperBound))
        parameters.append(plan.gapID)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        var part: (Int32, GapStretch.Source)?
        if let source = try row.int32OrNil(5) {
            var except: ClosedRange<Int64>?
            if let first = try row.int64OrNil(7), let last = try row.int64OrNil(8), first <= last { except = first...last }
            part = (source, GapStretch.Source(first: try row.int64(6), except: except))
        }
        return Row(
            gap: GapStretch(
                id: try row.string(0), start: Timestamp(try row.timestamp(1)), end: try row.timestampOrNil(2).map { Timestamp($0) },
                last: try row.int64OrNil(3), reconciliation: try row.int64OrNil(4), sources: [:]),
            part: part)
    }
}
