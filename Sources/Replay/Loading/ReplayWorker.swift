package import Catalog
import Diagnostics
import EventLog
package import Logging
package import Postgres
import Projections

/// One thread's part of a run: claims chunks, folds them, and moves the run on when it is the one who sees that it can.
///
/// ``step()`` is synchronous and blocks; a worker belongs to one thread. Any number of processes may have some.
package struct ReplayWorker: ~Copyable {
    /// What one turn did.
    package enum Turn: Equatable, Sendable {
        /// A chunk was folded: so many events.
        case folded(events: Int)
        /// The run went on to another state.
        case moved(to: Generation.State)
        /// Others work on what is left.
        case waiting
        /// Live workers keep the candidate up now; it is not as far as the live generation yet.
        case catchingUp
        /// There is nothing to do in this state.
        case ended(in: Generation.State)
    }

    /// The name that chunks are claimed under; unique.
    package let name: String
    /// The run.
    package let run: Int32

    let settings: ReplaySettings
    let fence: ReplayFence
    let logger: Logger
    var connection: Connection
    private let templates: TemplateStore
    var fold: ChunkFold
    var contexts: [Int32: [GenerationContext]] = [:]
    var sources: [Int32: LogSource] = [:]
    var devices: [Int32]??

    /// Connects.
    ///
    /// - Parameters:
    ///   - postgres: its `role` is the admin role.
    ///   - fence: what keeps the run exact; a parameter for tests alone.
    package init(
        name: String, run: Int32, postgres: PostgresSettings, settings: ReplaySettings = ReplaySettings(), templates: TemplateStore = TemplateStore(),
        fence: ReplayFence = ReplayFence(), logger: Logger
    ) throws(ReplayError) {
        self.name = name
        self.run = run
        self.settings = settings
        self.templates = templates
        self.fence = fence
        self.logger = logger
        fold = ChunkFold(alteration: settings.alteration)
        connection = try Self.connect(postgres, logger)
    }

    /// One turn. What fails is rolled back, and may be tried again by anybody.
    package mutating func step() throws(ReplayError) -> Turn {
        let current = try ReplayRuns.show(run, on: &connection)
        do throws(ReplayError) {
            switch current.state {
            case .planned: return try begin(current)
            case .loading: return try load(current)
            case .indexing: return try index(current)
            case .catchingUp: return try catchUp(current)
            case .ready, .live, .retired, .paused, .failed, .aborted: return .ended(in: current.state)
            }
        } catch {
            connection.rollback()
            throw error
        }
    }

    // MARK: -

    private static func connect(_ postgres: PostgresSettings, _ logger: Logger) throws(ReplayError) -> Connection {
        do throws(PostgresError) {
            var connection = try Connection(postgres, logger: logger)
            try ChunkFold.prepare(&connection)
            return connection
        } catch {
            throw ReplayError(error)
        }
    }

    private mutating func begin(_ current: ReplayRun) throws(ReplayError) -> Turn {
        let fence = fence
        let name = name
        return try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            guard try ReplayRuns.move(current, from: [.planned], to: .loading, fence: fence, on: &connection) else { return .waiting }
            try ReplayRuns.record("run", current, name, on: &connection)
            return .moved(to: .loading)
        }
    }

    private mutating func load(_ current: ReplayRun) throws(ReplayError) -> Turn {
        let (name, lease, run) = (name, settings.lease, run)
        let claim = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try Chunks.claim(run: run, owner: name, lease: lease, on: &connection)
        }
        guard let claim else {
            let remaining = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                try Chunks.remaining(run: run, on: &connection)
            }
            guard remaining == 0 else { return .waiting }
            try fence.pass(.loaded)
            return try move(current, from: .loading, to: .indexing)
        }
        try fence.pass(.claimed)
        return try work(on: claim, of: current)
    }

    private mutating func work(on claim: ChunkClaim, of current: ReplayRun) throws(ReplayError) -> Turn {
        try loadContexts(claim.source, of: current)
        guard let source = sources[claim.source], var contexts = contexts.removeValue(forKey: claim.source) else {
            throw ReplayError(.database, "Chunk \(claim.chunk) of replay \(run) is of source \(claim.source), which the log does not know.")
        }
        let events: Int
        do throws(PostgresError) {
            events = try fold.fold(source, range: claim.range, devices: devices ?? nil, by: &contexts, on: &connection)
        } catch {
            throw ReplayError(error)
        }
        self.contexts[claim.source] = contexts
        try fence.pass(.folded)
        let isOurs = try write(claim, events: events, digest: fold.digest(generation: current.generation))
        return isOurs ? .folded(events: events) : .waiting
    }

    /// One transaction: the chunk's done-mark as the fence, and its rows.
    private mutating func write(_ claim: ChunkClaim, events: Int, digest: FindingDigest) throws(ReplayError) -> Bool {
        do throws(PostgresError) {
            try connection.begin()
            guard try Chunks.finish(claim, events: events, digest: digest, fence: fence, on: &connection) else {
                connection.rollback()
                return false
            }
            try fold.write(run: claim.run, chunk: claim.chunk, source: claim.source, on: &connection)
        } catch {
            throw ReplayError(error)
        }
        try fence.pass(.written)
        do throws(PostgresError) {
            try connection.commit()
        } catch {
            throw ReplayError(error)
        }
        return true
    }

    /// What each generation judges a source's events by, and what is read at all.
    mutating func loadContexts(_ source: Int32, of current: ReplayRun) throws(ReplayError) {
        if contexts[source] != nil { return }
        if devices == nil {
            let run = run
            let (keys, all) = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                (current.readsAll ? nil : try connection.query(SelectTouched(run: run)), try LogSources.all(on: &connection))
            }
            devices = .some(keys)
            sources = Dictionary(uniqueKeysWithValues: all.map { ($0.sourceID, $0) })
        }
        var loaded: [GenerationContext] = []
        for generation in current.refoldsBase ? [current.generation, current.base] : [current.generation] {
            let epochs = try connection.deciding { (connection: inout Connection) throws(CatalogError) in
                try Epochs.load(generation: generation, source: source, on: &connection)
            }
            var context = GenerationContext(generation: generation)
            do throws(PostgresError) {
                try context.append(epochs, from: templates, on: &connection)
            } catch {
                throw ReplayError(error)
            }
            loaded.append(context)
        }
        contexts[source] = loaded
    }

    mutating func move(_ current: ReplayRun, from state: Generation.State, to next: Generation.State) throws(ReplayError) -> Turn {
        let fence = fence
        let isMoved = try connection.withTransaction { (connection: inout Connection) throws(ReplayError) in
            try ReplayRuns.move(current, from: [state], to: next, fence: fence, on: &connection)
        }
        return isMoved ? .moved(to: next) : .waiting
    }
}

private struct SelectTouched: Statement {
    let run: Int32

    static let sql = "SELECT device_key FROM hindcast.replay_device WHERE run_id = $1 ORDER BY device_key"

    func bind(to parameters: inout Parameters) { parameters.append(run) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}
