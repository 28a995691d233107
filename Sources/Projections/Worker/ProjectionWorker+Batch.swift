import Catalog
import CoreMetrics
import Diagnostics
import EventLog
import Logging
import Postgres

/// Moving checkpoints.
extension ProjectionWorker {
    /// Moves some checkpoints of a source, which stand at the same offset, by one batch. What goes wrong is kept with them.
    ///
    /// - Returns: the events folded in; nil when nothing was committed.
    mutating func advance(_ source: Int32, _ group: [Int], _ log: LogSource) throws(ProjectionError) -> Int? {
        do throws(ProjectionError) {
            guard try hasLease(source) else { return nil }
            return try project(source, group, log)
        } catch {
            connection.rollback()
            metrics.failures.increment()
            if error.needsConnection || error.isFinal { throw error }
            try note(error, source, group)
            return nil
        }
    }

    // MARK: - One batch

    /// 1. What was decided meanwhile is in force from here. 2. Read and fold. 3. One transaction: the fence, the epochs, the changes.
    private mutating func project(_ source: Int32, _ group: [Int], _ log: LogSource) throws(ProjectionError) -> Int? {
        let begun = ContinuousClock.now
        try loadContexts(source, group)
        // Taken out, because a second reference would have every batch copy what the context remembers. Where the batch fails, it is loaded again.
        var contexts = group.map { held[source]?.checkpoints[$0].context.take() }
        let repeats = try takeRepeats(source, group, log)
        guard let members = held[source]?.checkpoints, let from = group.first.map({ members[$0].checkpoint.nextOffset }) else { return nil }
        let checkpoints = group.map { members[$0].checkpoint }
        let controlSeq = controls.last

        var pending: [(generation: Int32, epochs: [Epoch])] = []
        var changes = BatchChanges()
        changes.facts.repeats = BatchRepeats(after: repeats)
        for (place, checkpoint) in checkpoints.enumerated() {
            guard var context = contexts[place].take() ?? nil else {
                changes.facts.start(checkpoint.key.projection)
                continue
            }
            let epochs: [Epoch]
            do throws(CatalogError) {
                epochs = try controls.epochs(
                    after: checkpoint.controlSeq, fromOffset: from, lineage: lineages[context.generation] ?? [context.generation])
            } catch {
                throw ProjectionError(error)
            }
            let templates = templates
            try connection.projecting { (connection: inout Connection) throws(PostgresError) in
                try context.append(epochs, from: templates, on: &connection)
            }
            pending.append((context.generation, epochs))
            changes.judgements.append(BatchChanges.Judgement(context: context, fold: FindingFold(source: source)))
        }

        let limit = Self.limit(settings.batchRows, afterFailures: members.map(\.failuresForSize).max() ?? 0)
        let read = try Self.read(log, from: from, limit: limit, fold: &batchFold, into: &changes, on: &connection)
        try makeLeaves(changes)
        let isOurs = try commit(checkpoints, from: from, to: read.reached, controlSeq: controlSeq, pending, changes)
        guard isOurs else {
            metrics.fenced.increment()
            logger.info("Another owner moved a checkpoint", metadata: [LogKey.worker: "\(name)", LogKey.source: "\(source)"])
            drop(source)
            return nil
        }
        moved(source, group, to: read.reached, controlSeq: controlSeq, changes)
        report(source, checkpoints, from, read, ContinuousClock.now - begun)
        return read.count
    }

    /// A batch that failed is tried again with an eighth of its rows, and so on down to one: what a batch cannot do for its size alone, such as lock the
    /// leaves of thousands of days that a wrong clock brought together, it can do in parts.
    static func limit(_ rows: Int, afterFailures failures: Int) -> Int { max(1, rows >> min(3 * failures, 30)) }

    private static func read(
        _ log: LogSource, from: Int64, limit: Int, fold: inout BatchFold, into changes: inout BatchChanges, on connection: inout Connection
    ) throws(ProjectionError) -> (reached: Int64, count: Int) {
        guard from < log.nextOffset else { return (from, 0) }
        do throws(PostgresError) {
            while true {
                let read = try LogReader().read(source: log.sourceID, from: from, limit: limit, on: &connection) { event in
                    fold.apply(event, settings: log.settings, to: &changes)
                }
                if fold.unnumbered.isEmpty { return (read.reached, read.count) }
                // Events that another decoder indexed may name devices that have no number yet.
                _ = try fold.devices.resolve(fold.unnumbered, on: &connection)
                fold.unnumbered = []
                changes.reset()
            }
        } catch {
            fold.unnumbered = []
            throw ProjectionError(error)
        }
    }

    /// False when the fence did not hold us for the owner, and nothing was written.
    private mutating func commit(
        _ checkpoints: [Checkpoint], from: Int64, to: Int64, controlSeq: Int64, _ pending: [(generation: Int32, epochs: [Epoch])],
        _ changes: BatchChanges
    ) throws(ProjectionError) -> Bool {
        guard let source = checkpoints.first?.key.source else { return true }
        let (lease, fence) = (settings.lease, fence)
        do throws(PostgresError) {
            let isOurs = try Checkpoints.begin(
                checkpoints, from: from, to: to, controlSeq: controlSeq, lease: lease, fence: fence, on: &connection)
            guard isOurs else {
                connection.rollback()
                return false
            }
            for (generation, epochs) in pending {
                try Epochs.record(generation: generation, source: source, epochs, on: &connection)
            }
            try changes.facts.write(source: source, rows: &rows, on: &connection)
            for (index, judgement) in changes.judgements.enumerated() {
                if index > 0 { try connection.execute(script: DeltaTable.clearingFindings) }
                try judgement.fold.write(generation: judgement.context.generation, source: source, rows: &rows, on: &connection)
            }
            try connection.commit()
            return true
        } catch {
            throw ProjectionError(error)
        }
    }

    private mutating func makeLeaves(_ changes: BatchChanges) throws(ProjectionError) {
        do throws(PostgresError) {
            for need in changes.hourLeaves { try leaves.ensure(need, on: &connection) }
        } catch {
            throw ProjectionError(error)
        }
    }

    // MARK: - What is held

    /// Whether our own clock still trusts the lease; else it is renewed first, and a source that was lost is forgotten.
    private mutating func hasLease(_ source: Int32) throws(ProjectionError) -> Bool {
        guard let work = held[source] else { return false }
        let now = ContinuousClock.now
        if now < work.deadline { return true }
        let checkpoints = work.checkpoints.map(\.checkpoint)
        let (name, lease) = (name, settings.lease)
        let kept = try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            try Checkpoints.renew(checkpoints, owner: name, lease: lease, on: &connection)
        }
        guard kept.count == checkpoints.count else {
            drop(source)
            return false
        }
        held[source]?.deadline = now + lease - settings.leaseMargin
        return true
    }

    private mutating func loadContexts(_ source: Int32, _ group: [Int]) throws(ProjectionError) {
        let templates = templates
        for index in group {
            guard let member = held[source]?.checkpoints[index], member.context == nil, member.checkpoint.key.projection.followsControls else {
                continue
            }
            var context = GenerationContext(generation: member.checkpoint.key.generation)
            let generation = context.generation
            let epochs = try connection.deciding { (connection: inout Connection) throws(CatalogError) in
                try Epochs.load(generation: generation, source: source, on: &connection)
            }
            try connection.projecting { (connection: inout Connection) throws(PostgresError) in
                try context.append(epochs, from: templates, on: &connection)
            }
            held[source]?.checkpoints[index].context = context
        }
    }

    private mutating func moved(_ source: Int32, _ group: [Int], to reached: Int64, controlSeq: Int64, _ changes: BatchChanges) {
        for index in group {
            guard var member = held[source]?.checkpoints[index] else { continue }
            member.checkpoint.nextOffset = reached
            member.failures = 0
            member.failuresForSize = 0
            member.retryAt = nil
            let key = member.checkpoint.key
            if key.projection == .device { member.repeats = changes.facts.repeats.window }
            if key.projection.followsControls {
                member.checkpoint.controlSeq = controlSeq
                member.context = changes.judgements.first { $0.context.generation == key.generation }?.context
            }
            held[source]?.checkpoints[index] = member
        }
    }

    /// Keeps a failure with the checkpoints that it concerns. A batch that lost against another transaction is tried again at once, several that failed
    /// together each alone; what then fails again waits, longer each time, and `projection_progress` says why.
    private mutating func note(_ error: ProjectionError, _ source: Int32, _ group: [Int]) throws(ProjectionError) {
        // A leaf that was believed to be there may be the reason.
        leaves.forget()
        let patience = error.isCollision ? 5 : 2
        for index in group {
            guard var member = held[source]?.checkpoints[index] else { continue }
            member.failures += 1
            member.failuresForSize += error.isForSize ? 1 : 0
            let isPaused = member.failures >= patience
            member.retryAt =
                isPaused ? .now + Self.retry.delay(afterFailures: member.failures - patience + 1, random: Double.random(in: 0..<1)) : nil
            held[source]?.checkpoints[index] = member
            logger.debug("Failed to project", metadata: [LogKey.worker: "\(name)", LogKey.source: "\(source)", LogKey.error: "\(error)"])
            guard isPaused else { continue }
            let checkpoint = member.checkpoint
            try connection.projecting { (connection: inout Connection) throws(PostgresError) in
                try Checkpoints.pause(checkpoint, failure: error.failure, on: &connection)
            }
        }
    }

    private static var retry: Backoff { Backoff(initial: .milliseconds(200), maximum: .seconds(10)) }

    private func report(_ source: Int32, _ checkpoints: [Checkpoint], _ from: Int64, _ read: (reached: Int64, count: Int), _ duration: Duration) {
        metrics.events.increment(by: read.count)
        metrics.batches.increment()
        metrics.batchDuration.record(duration)
        logger.debug(
            "Projected a batch",
            metadata: [
                LogKey.worker: "\(name)", LogKey.source: "\(source)", LogKey.fromOffset: "\(from)", LogKey.toOffset: "\(read.reached)",
                LogKey.events: "\(read.count)", LogKey.duration: "\(duration)",
                LogKey.projections: "\(checkpoints.map { "\($0.key.projection.rawValue)/\($0.key.generation)" })",
            ])
    }
}
