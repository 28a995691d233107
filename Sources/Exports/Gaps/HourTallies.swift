import Diagnostics
import EventLog
import Postgres

/// Counts whole hours of a gap from the traffic that the projections keep per device and hour, instead of reading their events from the log.
///
/// What hourly traffic can decide: telemetry of exports that have no filter, in hours that lie wholly in the gap, under one definition, of which nothing is counted
/// yet and no offset is left out, and of which retention has dropped nothing. It has the events of every offset up to the projection's checkpoint, late ones too;
/// what comes after that is the log's to tell.
enum HourTallies {
    /// Counts of some hours.
    struct Counted: Sendable {
        let tally: HourTally
        let counts: [Int32: DeviceCount]
    }

    /// The counts of the longest run of hours that can be told so; nil where there is none, or where the projection has not come to the target yet.
    ///
    /// - Parameter from: the first offset of which no event is counted.
    static func count(
        _ gap: CountedGap, _ source: LogSource, from: Int64, to target: CountTarget, on connection: inout Connection
    ) throws(PostgresError) -> Counted? {
        // Of other extents than a stretch of time hours hold more than belongs to the gap.
        guard case .time = gap.gap.extent, gap.gap.cause != .malformed, target.first == 0, target.limit == .max else { return nil }
        // The projection may be beyond the target, at offsets that are left out.
        if let except = target.except, except.upperBound > target.next { return nil }
        let extent = try LogTimes.extent(source: source.sourceID, from: from, before: target.next, except: target.except, on: &connection)
        guard let extent, !extent.isReindexed, let last = extent.last else { return nil }
        // The hour that goes on is left to the log: the gap's end may turn out to lie in it.
        let window = max(gap.gap.start, extent.lastBefore.map { Timestamp(microseconds: $0.microseconds + 1) } ?? .earliest)
        let end = min(target.end ?? .endOfTime, last.hour)
        guard window < end else { return nil }
        var best: (hours: Range<Timestamp>, takesSimulated: Bool)?
        for (times, expectation) in gap.expectation.stretches(in: window..<end) where expectation.isAllTelemetry {
            for free in Self.subtract(extent.incomplete, from: times) {
                let hours = Self.wholeHours(in: free)
                guard !hours.isEmpty, Self.length(hours) > Self.length(best?.hours ?? end..<end) else { continue }
                best = (hours, expectation.takesSimulatedDevices)
            }
        }
        guard let best else { return nil }
        var next: Int64 = 0
        var counts: [Int32: DeviceCount] = [:]
        let select = SelectTallies(source: source.sourceID, tenant: gap.gap.route.tenant, hours: best.hours)
        try connection.forEach(select) { (row: SelectTallies.Row) throws(PostgresError) in
            next = row.next
            guard let device = row.device else { return }
            let isOnlyReal = !best.takesSimulated
            counts[device] = DeviceCount(
                events: row.events, bytes: row.bytes, realEvents: isOnlyReal ? row.events : 0, realBytes: isOnlyReal ? row.bytes : 0)
        }
        return next < target.next ? nil : Counted(tally: HourTally(hours: best.hours, next: next), counts: counts)
    }

    // MARK: -

    private static func length(_ range: Range<Timestamp>) -> Int64 { range.upperBound.microseconds - range.lowerBound.microseconds }

    private static func wholeHours(in range: Range<Timestamp>) -> Range<Timestamp> {
        let first = range.lowerBound.hour
        let lower = first == range.lowerBound ? first : Timestamp(microseconds: first.microseconds + 3_600_000_000)
        return lower..<max(lower, range.upperBound.hour)
    }

    private static func subtract(_ others: [Range<Timestamp>], from range: Range<Timestamp>) -> [Range<Timestamp>] {
        others.reduce([range]) { parts, other in
            parts.flatMap { part -> [Range<Timestamp>] in
                guard part.overlaps(other) else { return [part] }
                return [part.lowerBound..<max(part.lowerBound, other.lowerBound), min(part.upperBound, other.upperBound)..<part.upperBound]
                    .filter { !$0.isEmpty }
            }
        }
    }
}

/// What devices sent in some hours, and the checkpoint up to which that goes: in one statement, so that both are of one instant.
private struct SelectTallies: Statement {
    struct Row: Sendable {
        let next: Int64
        /// Nil where no device sent anything.
        let device: Int32?
        let events: Int64
        let bytes: Int64
    }

    let source: Int32
    let tenant: String
    let hours: Range<Timestamp>

    static let sql = """
        SELECT c.next_offset, t.device_key, coalesce(t.events, 0), coalesce(t.bytes, 0)
        FROM (
            SELECT p.next_offset FROM hindcast.projection_checkpoint p WHERE p.projection = 'device' AND p.generation = 0 AND p.source_id = $1) c
        LEFT JOIN (
            SELECT h.device_key, sum(h.exportable)::bigint AS events, sum(h.exportable_bytes)::bigint AS bytes
            FROM hindcast.device_hour h JOIN hindcast.device d ON d.device_key = h.device_key AND d.tenant = $2
            WHERE h.source_id = $1 AND h.hour >= $3 AND h.hour < $4 AND h.exportable > 0
            GROUP BY h.device_key) t ON true
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(tenant)
        parameters.append(PostgresTimestamp(hours.lowerBound))
        parameters.append(PostgresTimestamp(hours.upperBound))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(next: try row.int64(0), device: try row.int32OrNil(1), events: try row.int64(2), bytes: try row.int64(3))
    }
}
