import Diagnostics
import EventLog
import Postgres

/// Counts the events of gaps in the log, from where it was counted up to on to where the projections are.
///
/// Every event is read at most once per gap; once more where evidence that came later takes it out again, such as the end of a gap that was open. Batches
/// without an event of the gap's time are not read at all, and where there is much to count, whole hours are not either: see ``HourTallies``.
struct GapCounter: ~Copyable {
    private struct Place: Hashable {
        let gap: String
        let source: Int32
    }

    /// How far it was looked without anything to count, beyond what is stored: a write for each gap and source at every turn would be much for nothing.
    private var looked: [Place: (stored: CountedExtent, next: Int64)] = [:]
    /// Gaps whose totals were made with the devices that are known to be simulated now.
    private var totalled: Set<String> = []

    /// So many offsets without anything to count are stored all the same, so that not much is looked for again after a restart.
    private static let storedEvery: Int64 = 100_000

    init() {}

    /// Has the totals that depend on which devices are simulated made anew.
    mutating func forgetTotals() { totalled = [] }

    /// Counts some; whether more is left, nil where the lease was lost.
    mutating func count(
        _ gaps: [CountedGap], simulated: [String: Set<Int32>], _ settings: ExportSettings, _ lease: GapLease, on connection: inout Connection
    ) throws(PostgresError) -> Bool? {
        var stored: [Place: CountedExtent] = [:]
        for row in try connection.query(SelectCounts()) { stored[Place(gap: row.gap, source: row.source)] = row.extent }
        looked = looked.filter { stored[$0.key] == $0.value.stored }
        var budget = settings.offsetsPerPass
        var hasMore = false
        var done: [String] = []
        for gap in gaps {
            let left = gap.mayLeaveOutSimulated ? simulated[gap.gap.route.tenant] ?? [] : []
            if gap.mayLeaveOutSimulated, !totalled.contains(gap.id) {
                let isDone: Int? = try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Int in
                    try connection.execute(TotalGap(id: gap.id, simulated: left.sorted()))
                }
                if isDone == nil { return nil }
                totalled.insert(gap.id)
            }
            let isStale = gap.targets.contains { source, target in
                stored[Place(gap: gap.id, source: source.sourceID)].map { $0.tally?.survives($0, target) == false } ?? false
            }
            if isStale {
                guard try Self.restart(gap, lease, on: &connection) else { return nil }
                for (source, _) in gap.targets {
                    stored[Place(gap: gap.id, source: source.sourceID)] = nil
                    looked[Place(gap: gap.id, source: source.sourceID)] = nil
                }
            }
            for (source, target) in gap.targets {
                let place = Place(gap: gap.id, source: source.sourceID)
                let isLeft = try count(gap, source, place, from: stored[place], to: target, left, settings, lease, &budget, on: &connection)
                guard let isLeft else { return nil }
                if isLeft { hasMore = true } else { done.append(gap.id) }
            }
        }
        // A gap that has nothing to count is counted all the same.
        let ids = done
        let marked: Int? = try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Int in
            try connection.execute(MarkCounted(ids: ids))
        }
        return marked == nil ? nil : hasMore
    }

    // MARK: -

    private mutating func count(
        _ gap: CountedGap, _ source: LogSource, _ place: Place, from stored: CountedExtent?, to target: CountTarget,
        _ simulated: Set<Int32>, _ settings: ExportSettings, _ lease: GapLease, _ budget: inout Int64, on connection: inout Connection
    ) throws(PostgresError) -> Bool? {
        var current = CountedExtent(first: target.first, next: target.first, except: target.except, end: target.end)
        // First the counts that there are follow the evidence; then they go on.
        if let stored {
            current.next = min(max(stored.next, target.first), target.limit)
            current.tally = stored.tally
            if current != stored {
                var counts: [Int32: DeviceCount] = [:]
                for step in CountedExtent.steps(from: stored, to: current, start: gap.gap.start) {
                    try Self.read(step, gap, source, into: &counts, on: &connection)
                }
                guard try Self.store(gap, source.sourceID, current, counts, simulated, lease, on: &connection) else { return nil }
                looked[place] = nil
            }
        }
        var storedExtent = stored == nil ? nil : current
        let times = gap.gap.start..<max(gap.gap.start, target.end ?? .endOfTime)
        var from = max(current.next, looked[place]?.next ?? 0)
        if current.tally == nil, budget > 0, let least = settings.offsetsForTallies, target.next - from >= least,
            let counted = try HourTallies.count(gap, source, from: from, to: target, on: &connection)
        {
            current.next = from
            current.tally = counted.tally
            budget -= Int64(counted.counts.count)
            guard try Self.store(gap, source.sourceID, current, counted.counts, simulated, lease, on: &connection) else { return nil }
            storedExtent = current
            looked[place] = nil
        }
        while from < target.next {
            if budget <= 0 { return true }
            // Of offsets that hours were counted of, only what lies in no such hour is left.
            let tally = current.tally.flatMap { from < $0.next ? $0 : nil }
            let end = min(target.next, tally?.next ?? .max)
            // The next stretch that has so many offsets to read, or all that is left.
            var counts: [Int32: DeviceCount] = [:]
            var read: Int64 = 0
            var reached = end
            for offsets in OffsetRanges(from..<end, except: target.except).ranges {
                let ranges = try LogRanges.overlapping(
                    source: source.sourceID, offsets: offsets, times: times, without: tally?.hours, limit: min(20_000, settings.offsetsPerCommit),
                    on: &connection)
                for range in ranges {
                    if read >= min(settings.offsetsPerCommit, budget) {
                        reached = min(reached, range.lowerBound)
                        break
                    }
                    read += Int64(range.count)
                    let step = CountStep(sign: 1, offsets: range, times: times)
                    try Self.read(step, without: tally, gap, source, into: &counts, on: &connection)
                }
                if reached < end { break }
            }
            budget -= read
            from = reached
            current.next = reached
            let isPassed = current.tally.map { $0.next <= reached } ?? false
            if isPassed { current.tally = nil }
            if counts.isEmpty, !isPassed, let storedExtent, reached - storedExtent.next < Self.storedEvery {
                looked[place] = (storedExtent, reached)
                continue
            }
            guard try Self.store(gap, source.sourceID, current, counts, simulated, lease, on: &connection) else { return nil }
            storedExtent = current
            looked[place] = nil
        }
        return false
    }

    /// Has a gap counted from the beginning.
    private static func restart(_ gap: CountedGap, _ lease: GapLease, on connection: inout Connection) throws(PostgresError) -> Bool {
        let (id, mark) = (gap.id, gap.mark)
        return try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Int in
            try connection.execute(BeginCount(id: id, mark: mark))
        } != nil
    }

    private static func read(
        _ step: CountStep, without tally: HourTally? = nil, _ gap: CountedGap, _ source: LogSource, into counts: inout [Int32: DeviceCount],
        on connection: inout Connection
    ) throws(PostgresError) {
        let wanted: ExportExpectation.Verdict = gap.gap.cause == .malformed ? .malformed : .expected
        var walker = ExpectedEvents(source: source, expectation: gap.expectation)
        var sums: [Int32: DeviceCount] = [:]
        swap(&sums, &counts)
        try walker.walk(from: step.times.lowerBound, to: step.times.upperBound, offsets: step.offsets, on: &connection) {
            logged, device, event, _, inForce, verdict in
            guard verdict == wanted, tally?.holds(event.eventTime, offset: logged.offset) != true else { return }
            sums[device, default: DeviceCount()].add(
                logged.record.payload?.byteCount ?? 0, sign: step.sign, isOnlyReal: !inForce.takesSimulatedDevices)
        }
        swap(&sums, &counts)
    }

    private static func store(
        _ gap: CountedGap, _ source: Int32, _ extent: CountedExtent, _ counts: [Int32: DeviceCount], _ simulated: Set<Int32>, _ lease: GapLease,
        on connection: inout Connection
    ) throws(PostgresError) -> Bool {
        try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Void in
            try connection.execute(StoreCount(gap: gap.id, source: source, extent: extent))
            guard !counts.isEmpty else { return }
            try connection.execute(AddCounts(gap: gap.id, source: source, counts: counts.sorted { $0.key < $1.key }, simulated: simulated))
        } != nil
    }
}
