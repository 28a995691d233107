package import Catalog
import Diagnostics
package import Hashing
import JSON
package import Postgres
import Projections

/// How many new errors a promotion may bring.
package enum ErrorBudget: Equatable, Sendable {
    /// So many occurrences.
    case count(Int64)
    /// So many in a hundred of the events that were judged.
    case percent(Double)

    /// Whether a run stays within it.
    package func allows(_ summary: ReplayRun.Summary) -> Bool {
        switch self {
        case .count(let limit): summary.newErrors <= limit
        case .percent(let limit): Double(summary.newErrors) * 100 <= limit * Double(summary.judged)
        }
    }

    /// What a run brings against what is accepted: `3 new errors in 1000 events, and --max-new-errors accepts 0.1% of the events`.
    package func refusal(of summary: ReplayRun.Summary) -> String {
        let accepted =
            switch self {
            case .count(let limit): "\(limit)"
            case .percent(let limit): "\(limit == limit.rounded() ? "\(Int64(limit))" : "\(limit)")% of the events"
            }
        return "\(summary.newErrors) new errors in \(summary.judged) events, and --max-new-errors accepts \(accepted)"
    }
}

/// Moving the pointer to the live generation.
package enum Promotions {
    /// A source in which a generation is not as far as the live one.
    package struct Lag: Equatable, Sendable {
        package let source: Int32
        package let liveOffset: Int64
        package let candidateOffset: Int64
    }

    /// Makes a run's candidate live: one transaction of a few rows, whatever the size of the tables. The generation that was live tails on, for ``rollback(_:actor:fence:on:)``.
    ///
    /// - Parameters:
    ///   - digest: that of the diff that was looked at.
    ///   - budget: how many new errors are accepted; where nil, those that the diff with this digest shows.
    /// - Returns: what became live.
    @discardableResult
    package static func promote(
        _ run: Int32, diff digest: SHA256Digest, budget: ErrorBudget?, actor: String, fence: ReplayFence = ReplayFence(),
        on connection: inout Connection
    ) throws(ReplayError) -> ReplayRun.Summary {
        let current = try ReplayRuns.show(run, on: &connection)
        if let obstacle = current.obstacle { throw ReplayError(.notPromotable, "Replay \(run) cannot be promoted. \(obstacle)") }
        guard current.state == .ready, let summary = current.summary else { throw ReplayRuns.wrong(current, "promoted", expected: [.ready]) }
        guard summary.digest == digest else {
            throw ReplayError(
                .digestDiffers,
                "The diff of replay \(run) has digest \(summary.digest.hex), not \(digest.hex); look at `hindcast replay diff \(run)` and promote what it shows."
            )
        }
        if let budget, !budget.allows(summary) {
            throw ReplayError(
                .budgetExceeded,
                "Replay \(run) would bring \(budget.refusal(of: summary)); nothing was changed. `hindcast replay diff \(run)` says which they are."
            )
        }
        try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            // The run's row first, as whoever pauses or aborts it does: else the two would wait for one another.
            guard try ReplayRuns.move(current, from: [.ready], to: .live, fence: fence, on: &connection) else { throw ReplayRuns.raced(current) }
            try point(current, from: current.base, to: current.generation, fence: fence, on: &connection)
            try connection.deciding { (connection: inout Connection) throws(CatalogError) in
                try TemplateDrafts.publish(current.versionKey, actor: actor, on: &connection)
            }
            try record("promote", current, from: current.base, to: current.generation, actor, ["diff": .string(digest.hex)], on: &connection)
        }
        // Only now has a draft the number that devices show. Behind the promotion, which waits for nobody.
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try FleetSnapshot.lookAgain(at: current.generation, on: &connection)
        }
        return summary
    }

    /// Points back to the generation that was live before a run was promoted.
    package static func rollback(
        _ run: Int32, actor: String, fence: ReplayFence = ReplayFence(), on connection: inout Connection
    ) throws(ReplayError) {
        let current = try ReplayRuns.show(run, on: &connection)
        guard current.state == .live else { throw ReplayRuns.wrong(current, "rolled back", expected: [.live]) }
        guard try isBaseKept(current, on: &connection) else {
            throw ReplayError(
                .stateWrong,
                "What was live before replay \(run) was dropped by `hindcast replay retire`: there is no way back; replay the older version instead."
            )
        }
        try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            guard try ReplayRuns.move(current, from: [.live], to: .ready, fence: fence, on: &connection) else { throw ReplayRuns.raced(current) }
            try point(current, from: current.generation, to: current.base, fence: fence, on: &connection)
            try record("rollback", current, from: current.generation, to: current.base, actor, [:], on: &connection)
        }
    }

    /// Whether what a run was compared with is still kept up, so that there is a way back to it.
    package static func isBaseKept(_ run: ReplayRun, on connection: inout Connection) throws(ReplayError) -> Bool {
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try Generations.tailing(on: &connection).contains { $0.number == run.base }
        }
    }

    /// Ends what a run is kept for. While it is live, the generation before it goes, and with it the way back; else its own.
    ///
    /// - Returns: false where that was done before. What an earlier attempt left is dropped then.
    @discardableResult
    package static func retire(_ run: Int32, actor: String, on connection: inout Connection) throws(ReplayError) -> Bool {
        let current = try ReplayRuns.show(run, on: &connection)
        var isNew = current.state == .ready
        switch current.state {
        case .live:
            isNew = try isBaseKept(current, on: &connection)
            if isNew {
                try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
                    try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                        try Generations.set(current.base, to: .retired, on: &connection)
                        try connection.execute(RetireRunOf(generation: current.base))
                    }
                    try ReplayRuns.record("retire", current, actor, ["retired_generation": .integer(current.base)], on: &connection)
                }
            }
            try ReplayRuns.dropGeneration(current.base, on: &connection)
        case .ready, .retired:
            if current.state == .ready {
                try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
                    guard try ReplayRuns.move(current, from: [.ready], to: .retired, on: &connection) else { throw ReplayRuns.raced(current) }
                    try ReplayRuns.record("retire", current, actor, ["retired_generation": .integer(current.generation)], on: &connection)
                }
            }
            try ReplayRuns.dropPartials(current, on: &connection)
            try ReplayRuns.dropGeneration(current.generation, on: &connection)
        default: throw ReplayRuns.wrong(current, "retired", expected: [.live, .ready])
        }
        return isNew
    }

    /// The sources in which a generation is not as far as the live one.
    package static func lag(of generation: Int32, on connection: inout Connection) throws(CatalogError) -> [Lag] {
        let live = try Generations.live(on: &connection)
        do throws(PostgresError) {
            return lag(of: generation, behind: live, in: try Checkpoints.all(on: &connection))
        } catch {
            throw CatalogError(error)
        }
    }

    // MARK: -

    private static func lag(of generation: Int32, behind live: Int32, in checkpoints: [Checkpoint]) -> [Lag] {
        let findings = checkpoints.filter { $0.key.projection == .finding }
        return findings.filter { $0.key.generation == live }.compactMap { ahead in
            let own = findings.first { $0.key.generation == generation && $0.key.source == ahead.key.source }
            // A decision that it has not come to yet begins at its next batch, which is where the other one had it begin.
            if let own, own.nextOffset >= ahead.nextOffset { return nil }
            return Lag(source: ahead.key.source, liveOffset: ahead.nextOffset, candidateOffset: own?.nextOffset ?? 0)
        }
    }

    /// 1. Both generations stand still, by the order in which workers lock. 2. The new one is as far. 3. The pointer moves, if it is where it was.
    private static func point(
        _ run: ReplayRun, from old: Int32, to new: Int32, fence: ReplayFence, on connection: inout Connection
    ) throws(ReplayError) {
        let checkpoints = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try Checkpoints.lock(generations: [old, new], on: &connection)
        }
        if fence.comparesProgress, let lag = lag(of: new, behind: old, in: checkpoints).first {
            throw ReplayError(
                .behind,
                "Generation \(new) is at \(lag.source):\(lag.candidateOffset) and the live one at \(lag.source):\(lag.liveOffset); it catches up while `hindcast project` runs, then try again."
            )
        }
        let isMoved = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try Generations.point(from: old, to: new, comparesLive: fence.comparesLive, on: &connection)
        }
        guard isMoved else {
            throw ReplayError(
                .liveMoved,
                "Generation \(old) is not live any more, so what replay \(run.id) was compared with is not what would be replaced; plan it again.")
        }
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            // What was live tails on, so that the way back stays open.
            try Generations.set(old, to: .ready, on: &connection)
            try Generations.set(new, to: .live, on: &connection)
            // The run at hand moves by compare-and-swap. Rolled back to what an earlier run had made, that one is live again.
            try connection.execute(MoveRunOf(generation: old, except: run.id, from: .live, to: .ready))
            try connection.execute(MoveRunOf(generation: new, except: run.id, from: .ready, to: .live))
        }
    }

    private static func record(
        _ act: String, _ run: ReplayRun, from old: Int32, to new: Int32, _ actor: String, _ more: [String: JSONTree], on connection: inout Connection
    ) throws(ReplayError) {
        var members = more
        members["generation"] = .integer(new)
        members["from_generation"] = .integer(old)
        if let templateID = run.migratesFrom, run.purpose != .migrate, let key = try versionInForce(templateID, new, on: &connection) {
            members["template_id"] = .string(templateID)
            members["version_key"] = .integer(key)
        }
        try ReplayRuns.record(act, run, actor, members, kind: .promote, on: &connection)
    }

    /// The version of a template that a generation judges what comes next by.
    private static func versionInForce(_ templateID: String, _ generation: Int32, on connection: inout Connection) throws(ReplayError) -> Int32? {
        let sources = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try Checkpoints.all(on: &connection).filter { $0.key.generation == generation }
        }
        for checkpoint in sources.reversed() {
            let epochs = try connection.deciding { (connection: inout Connection) throws(CatalogError) in
                try Epochs.load(generation: generation, source: checkpoint.key.source, on: &connection)
            }
            let resolution = EpochList(epochs).resolve(templateRef: templateID, tenant: "", deviceID: "", offset: .max)
            if case .version(let key) = resolution { return key }
        }
        return nil
    }
}

/// Moves the run that made a generation, where it is another one than that at hand.
private struct MoveRunOf: Statement {
    let generation: Int32
    let except: Int32
    let from: Generation.State
    let to: Generation.State

    static let sql = "UPDATE hindcast.replay_run SET state = $4 WHERE generation = $1 AND run_id <> $2 AND state = $3"

    func bind(to parameters: inout Parameters) {
        parameters.append(generation)
        parameters.append(except)
        parameters.append(from.rawValue)
        parameters.append(to.rawValue)
    }
}

private struct RetireRunOf: Statement {
    let generation: Int32

    static let sql = "UPDATE hindcast.replay_run SET state = 'retired' WHERE generation = $1 AND state = 'ready'"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }
}
