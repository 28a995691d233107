import Catalog
import CoreMetrics
import EventLog
import Logging
import Postgres

/// Sharing the sources with other workers.
extension ProjectionWorker {
    /// Sees how far the log goes. A source that nobody holds and that has grown is taken at once.
    mutating func look() throws(ProjectionError) {
        try readLog()
        let isMissed = sources.values.contains { source in
            held[source.sourceID] == nil && !heldElsewhere.contains(source.sourceID) && unheld[source.sourceID] != source.nextOffset
        }
        if isMissed { try refresh() }
    }

    /// Says that this worker is there, renews its leases, lets go what is beyond its share, and takes what nobody holds.
    mutating func refresh() throws(ProjectionError) {
        let begun = ContinuousClock.now
        let (name, settings) = (name, settings)
        let (workers, generations) = try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            (try WorkerPresence.renew(name, lease: settings.lease, on: &connection), try Generations.tailing(on: &connection))
        }
        lineages = Dictionary(uniqueKeysWithValues: generations.map { ($0.number, $0.lineage) })
        try readLog()
        var checkpoints = try readCheckpoints(for: generations)
        try renew(&checkpoints, at: begun)

        let active = checkpoints.keys.filter({ !isDormant($0, checkpoints[$0] ?? []) }).sorted()
        let share = (active.count + workers - 1) / max(workers, 1)
        try release(beyond: share, active: active)
        try acquire(upTo: share, active: active, checkpoints, at: begun)

        heldElsewhere = []
        unheld = [:]
        for (source, rows) in checkpoints where held[source] == nil {
            if rows.contains(where: { $0.isHeld(byOtherThan: name) }) {
                heldElsewhere.insert(source)
            } else {
                unheld[source] = sources[source]?.nextOffset
            }
        }
        refreshDue = begun + settings.heartbeat
        metrics.sources.record(held.count)
    }

    /// Forgets a source whose checkpoint is not where it was believed to be, to read it again.
    mutating func drop(_ source: Int32) {
        held[source] = nil
        refreshDue = .now
    }

    // MARK: -

    private mutating func readLog() throws(ProjectionError) {
        let all = try connection.projecting { (connection: inout Connection) throws(PostgresError) in try LogSources.all(on: &connection) }
        sources = Dictionary(uniqueKeysWithValues: all.map { ($0.sourceID, $0) })
        do throws(PostgresError) {
            try controls.refresh(on: &connection)
        } catch {
            throw ProjectionError(error)
        }
    }

    /// Every checkpoint that there has to be, by source; those that were missing are made.
    private mutating func readCheckpoints(for generations: [Generation]) throws(ProjectionError) -> [Int32: [Checkpoint]] {
        let sources = sources.keys.sorted()
        return try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            let wanted = Set(sources.flatMap { CheckpointKey.wanted(source: $0, generations: generations) })
            var all = try Checkpoints.all(on: &connection)
            let missing = wanted.subtracting(all.map(\.key))
            if !missing.isEmpty {
                try Checkpoints.create(Array(missing), on: &connection)
                all = try Checkpoints.all(on: &connection)
            }
            return Dictionary(grouping: all.filter { wanted.contains($0.key) }, by: \.key.source)
        }
    }

    /// Renews what is held. What the table says is ours though we do not know it was ours before the connection broke; what it does not say is lost.
    private mutating func renew(_ checkpoints: inout [Int32: [Checkpoint]], at begun: ContinuousClock.Instant) throws(ProjectionError) {
        let (name, lease) = (name, settings.lease)
        let deadline = begun + lease - settings.leaseMargin
        for (source, rows) in checkpoints {
            let mine = rows.filter { $0.owner == name && !$0.isFree }
            let known = Set(held[source]?.checkpoints.map(\.checkpoint.key) ?? [])
            for checkpoint in mine where !known.contains(checkpoint.key) {
                held[source, default: HeldSource(source: source, deadline: begun)].checkpoints.append(HeldCheckpoint(checkpoint))
            }
        }
        let mine = held.values.flatMap { $0.checkpoints.map(\.checkpoint) }
        let kept = try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            try Checkpoints.renew(mine, owner: name, lease: lease, on: &connection)
        }
        for source in held.keys.sorted() {
            let wanted = Set(checkpoints[source]?.map(\.key) ?? [])
            held[source]?.checkpoints.removeAll { !kept.contains($0.checkpoint.key) || !wanted.contains($0.checkpoint.key) }
            held[source]?.deadline = deadline
            if held[source]?.checkpoints.isEmpty == true { held[source] = nil }
        }
    }

    /// Whether nobody needs to hold a source now: everything is folded in, and nothing more is to come or has come for an hour.
    private func isDormant(_ source: Int32, _ checkpoints: [Checkpoint]) -> Bool {
        guard let log = sources[source] else { return true }
        let isCaughtUp = checkpoints.allSatisfy { $0.isCaughtUp(logEnd: log.nextOffset, controlSeq: controls.last) }
        return isCaughtUp && (log.isEnded || checkpoints.allSatisfy(\.isQuiet))
    }

    private mutating func release(beyond share: Int, active: [Int32]) throws(ProjectionError) {
        let mine = active.filter { held[$0] != nil }
        let dormant = Set(held.keys).subtracting(active)
        let given = dormant.union(mine.dropFirst(share))
        guard !given.isEmpty else { return }
        let released = given.flatMap { held[$0]?.checkpoints.map(\.checkpoint) ?? [] }
        let name = name
        try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            try Checkpoints.release(released, owner: name, on: &connection)
        }
        for source in given { held[source] = nil }
        logger.debug("Released sources", metadata: [LogKey.worker: "\(name)", LogKey.sources: "\(given.sorted())"])
    }

    private mutating func acquire(
        upTo share: Int, active: [Int32], _ checkpoints: [Int32: [Checkpoint]], at begun: ContinuousClock.Instant
    ) throws(ProjectionError) {
        let (name, lease, fence) = (name, settings.lease, fence)
        let deadline = begun + lease - settings.leaseMargin
        let mine = held
        let free = active.filter { mine[$0] == nil && !(checkpoints[$0] ?? []).contains { $0.isHeld(byOtherThan: name) } }
        let room = max(0, share - active.filter { mine[$0] != nil }.count)
        // A generation that is new to a source that is held already.
        let incomplete = mine.values.filter { $0.checkpoints.count < checkpoints[$0.source]?.count ?? 0 }.map(\.source)
        let wanted = free.prefix(room) + incomplete
        guard !wanted.isEmpty else { return }
        let taken = try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            try Checkpoints.acquire(sources: Array(wanted), owner: name, lease: lease, fence: fence, on: &connection)
        }
        for checkpoint in taken {
            let source = checkpoint.key.source
            held[source, default: HeldSource(source: source, deadline: deadline)].checkpoints.append(HeldCheckpoint(checkpoint))
        }
        if !taken.isEmpty {
            logger.debug("Acquired sources", metadata: [LogKey.worker: "\(name)", LogKey.sources: "\(Set(taken.map(\.key.source)).sorted())"])
        }
    }
}

extension ProjectionWorker {
    /// Has the next turn renew the leases and share them out again, instead of waiting until that is due.
    package mutating func renewAtOnce() { refreshDue = .now }
}
