import Diagnostics
import EventLog
package import Postgres

/// Finds the gaps of every export and counts their events: some of it at a time, by one process at a time.
///
/// What is remembered between steps only saves work. Everything is written in transactions that begin with the lease, and counts move together with the
/// place up to which they are counted, so a pass that is killed anywhere is taken up by the next one.
package struct GapPass: ~Copyable {
    private var lease: GapLease
    private let settings: ExportSettings
    private var evidence: ExportEvidence?
    private var firsts: [ExportRoute: (mark: String, first: FirstExpected)] = [:]
    private var holes = ReceiptHoles()
    private var short = ShortReceipts()
    private var silences = SourceSilences()
    private var simulated: [String: Set<Int32>] = [:]
    private var counter = GapCounter()

    /// Prepares passes.
    ///
    /// - Parameter owner: unique among processes.
    package init(owner: String, settings: ExportSettings = ExportSettings()) {
        lease = GapLease(owner: owner, duration: settings.lease)
        self.settings = settings
    }

    /// Brings the gaps up to the evidence and counts some of their events; whether more is left to count, nil where another process does it.
    package mutating func step(on connection: inout Connection) throws(PostgresError) -> Bool? {
        guard try lease.take(on: &connection) else { return nil }
        var now = settings.now ?? Timestamp(microseconds: 0)
        if settings.now == nil, let clock = try connection.queryOne(SelectClock()) { now = clock }
        let evidence = try ExportEvidence.read(after: evidence, grace: settings.gaps.grace, on: &connection)
        self.evidence = evidence
        let reach = try LogReach.now(on: &connection)
        let expectations = Self.expectations(evidence)
        try learnSimulated(expectations, on: &connection)
        short.begin(budget: settings.offsetsPerPass)
        let (gaps, routes) = try find(evidence, expectations, reach, now: now, on: &connection)
        guard let counted = try write(gaps, routes, evidence, expectations, reach, asOf: now, on: &connection) else { return nil }
        let isLeft = try counter.count(counted, simulated: simulated, settings, lease, on: &connection)
        return isLeft.map { $0 || short.isBehind }
    }

    /// Steps until nothing is left to count; false where another process does it.
    package mutating func run(on connection: inout Connection) throws(PostgresError) -> Bool {
        while let hasMore = try step(on: &connection) {
            if !hasMore { return true }
        }
        return false
    }

    /// Gives the lease back, so that another process need not wait for its end.
    package mutating func end(on connection: inout Connection) throws(PostgresError) { try lease.release(on: &connection) }

    // MARK: -

    private static func expectations(_ evidence: ExportEvidence) -> [ExportRoute: RouteExpectation] {
        var expectations: [ExportRoute: RouteExpectation] = [:]
        for route in evidence.routes { expectations[route] = evidence.known[route.tenant]?.expectation(of: route) }
        return expectations
    }

    /// Reads which devices are simulated where that matters. When the answer changes, what was concluded from the last one is forgotten.
    private mutating func learnSimulated(_ expectations: [ExportRoute: RouteExpectation], on connection: inout Connection) throws(PostgresError) {
        let concerned = expectations.values.filter { $0.versions.contains { !$0.expectation.takesSimulatedDevices } }
        var now: [String: Set<Int32>] = [:]
        for tenant in Set(concerned.map(\.route.tenant)) { now[tenant] = try SimulatedDevices.all(tenant: tenant, on: &connection) }
        guard now != simulated else { return }
        simulated = now
        let routes = Set(concerned.map(\.route))
        holes.forget(routes)
        short.forget(routes)
        for route in routes { firsts[route] = nil }
        counter.forgetTotals()
    }

    private mutating func find(
        _ evidence: ExportEvidence, _ expectations: [ExportRoute: RouteExpectation], _ reach: LogReach, now: Timestamp,
        on connection: inout Connection
    ) throws(PostgresError) -> ([FoundGap], [RouteStatus]) {
        var gaps: [FoundGap] = []
        var statuses: [RouteStatus] = []
        let boundRoutes = Set(evidence.bindings.map(\.route))
        for route in evidence.routes {
            let changes = (evidence.changes[route.tenant] ?? []).filter { $0.concerns(route) }
            let isBound = boundRoutes.contains { $0.tenant == route.tenant && $0.exportID == route.exportID }
            var history = ExportHistory(route: route, changes: changes, isBound: isBound, isCountable: false, asOf: now)
            history.reconciliations = evidence.reconciliations[route] ?? []
            if let expectation = expectations[route] {
                history.isCountable = expectation.isCountable(in: .earliest..<(.endOfTime))
                if !isBound, history.isCountable { try look(expectation, evidence, reach, into: &history, on: &connection) }
            }
            if isBound {
                history.silences = try silences.of(
                    topics: evidence.boundTopics(of: route), limit: settings.gaps.silenceLimit, asOf: now, on: &connection)
            }
            gaps += GapFinder.gaps(in: history, settings: settings.gaps)
            statuses.append(RouteStatus(history, evidence.known[route.tenant], settings: settings.gaps))
        }
        return (GapFinder.joined(gaps, boundRoutes: boundRoutes.sorted()), statuses)
    }

    /// What of the evidence lies in the log itself.
    private mutating func look(
        _ expectation: RouteExpectation, _ evidence: ExportEvidence, _ reach: LogReach, into history: inout ExportHistory,
        on connection: inout Connection
    ) throws(PostgresError) {
        let route = history.route
        let simulated = simulated[route.tenant] ?? []
        let topics = evidence.boundTopics(of: route)
        history.holes = try holes.holes(
            of: expectation, changes: history.changes, reach: reach, boundTopics: topics, simulated: simulated, on: &connection)
        history.shortReceipts = try short.among(
            history.changes, of: expectation, reach: reach, boundTopics: topics, simulated: simulated, on: &connection)
        let absences = ExportTimeline(history, settings: settings.gaps).intervals.filter { $0.cause == .notCreated }
        guard let end = absences.map({ $0.to ?? .endOfTime }).max() else { return }
        let mark = "\(end.microseconds)\n\(expectation.mark(in: .earliest..<end))"
        var memory = firsts[route] ?? (mark, FirstExpected())
        if memory.mark != mark { memory = (mark, FirstExpected()) }
        try memory.first.look(
            expectation, before: end, in: reach.sources(tenant: route.tenant, without: topics), simulated: simulated, on: &connection)
        history.expectedSince = memory.first.time
        firsts[route] = memory
    }

    /// Writes what was found, and says what of it has to be counted in the log; nil where the lease was lost.
    private func write(
        _ gaps: [FoundGap], _ statuses: [RouteStatus], _ evidence: ExportEvidence, _ expectations: [ExportRoute: RouteExpectation], _ reach: LogReach,
        asOf now: Timestamp, on connection: inout Connection
    ) throws(PostgresError) -> [CountedGap]? {
        let retentionDays = settings.retentionDays
        return try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> [CountedGap] in
            var stored: [String: StoredGap] = [:]
            for gap in try connection.query(SelectGaps()) { stored[gap.id] = gap }
            var counted: [CountedGap] = []
            var found: Set<String> = []
            for gap in gaps {
                let id = GapID.of(gap)
                guard found.insert(id).inserted else { continue }
                let isCountable = gap.certainty != .inferred
                let expectation = expectations[gap.route]
                let isDropped = try LogTimes.isDropped(from: gap.start, to: gap.end, on: &connection)
                let source = evidence.known[gap.route.tenant]?.export(gap.route.exportID)?.source
                let recovery = GapRecovery.of(
                    gap, source: source, isCountable: isCountable, isDropped: isDropped, retentionDays: retentionDays)
                try connection.execute(UpsertGap(id: id, gap: gap, isCountable: isCountable, recovery: recovery))
                guard isCountable else { continue }
                if case .listed(let number) = gap.extent {
                    let mark = "listed \(number) \(gap.end?.microseconds ?? 0)"
                    if stored[id]?.mark != mark {
                        try connection.execute(
                            CountListed(id: id, mark: mark, reconciliation: number, isMalformed: gap.cause == .malformed))
                    }
                } else if let expectation {
                    let sources = reach.sources(tenant: gap.route.tenant, without: evidence.boundTopics(of: gap.route))
                    let item = CountedGap(id: id, gap: gap, expectation: expectation, sources: sources, reach: reach)
                    try Self.mark(item, stored[id], on: &connection)
                    counted.append(item)
                }
            }
            try Self.retire(stored.values.filter { !found.contains($0.id) }, gaps, asOf: now, on: &connection)
            try connection.execute(DeleteRoutes(statuses: statuses))
            for status in statuses {
                let last = try LogTimes.lastEvent(tenant: status.route.tenant, on: &connection)
                try connection.execute(UpsertRoute(status: status, lastEvent: last, asOf: now))
            }
            return counted
        }
    }

    /// Has a gap counted from the beginning where its counts rest on what is not expected any more.
    private static func mark(_ gap: CountedGap, _ stored: StoredGap?, on connection: inout Connection) throws(PostgresError) {
        if stored?.mark == gap.mark { return }
        guard let stored, gap.follows(stored.mark) else {
            try connection.execute(BeginCount(id: gap.id, mark: gap.mark))
            return
        }
        // As long as something has to be taken away, the mark has to be that of what was counted.
        let isLater = stored.end.map { old in gap.gap.end.map { old <= $0 } ?? true } ?? (gap.gap.end == nil)
        if stored.isCountedToEnd && isLater { try connection.execute(MarkCount(id: gap.id, mark: gap.mark)) }
    }

    /// What the evidence does not show any more is gone; but what an operator accepted stays, and so does what a backfill gave back, now filled, where nothing
    /// else is missing in its place.
    private static func retire(_ gone: [StoredGap], _ gaps: [FoundGap], asOf now: Timestamp, on connection: inout Connection) throws(PostgresError) {
        var filled: [String] = []
        var deleted: [String] = []
        for gap in gone where !gap.isAccepted {
            let isReplaced = gaps.contains {
                $0.route == gap.route && $0.start < gap.end ?? .endOfTime && gap.start < $0.end ?? .endOfTime
            }
            if gap.backfilled > 0, !isReplaced { filled.append(gap.id) } else { deleted.append(gap.id) }
        }
        if !filled.isEmpty { try connection.execute(FillGaps(ids: filled, asOf: now)) }
        if !deleted.isEmpty { try connection.execute(DeleteGaps(ids: deleted)) }
    }
}

private struct SelectClock: Statement {
    static let sql = "SELECT clock_timestamp()"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Timestamp { Timestamp(try row.timestamp(0)) }
}
