import Catalog
import Glibc
import Logging
import Postgres
import Projections
import Replay
import Synchronization
import Threading

/// Some threads that work on one run, until it has ended or the task is cancelled.
///
/// A worker never stops within a chunk, so whatever ends the team leaves a run that anybody can go on with.
final class ReplayTeam: Sendable {
    /// How the members work.
    struct Settings: Sendable {
        var workers = 1
        /// The part of its time that a member works, above 0 to 1.
        var share = 1.0
        /// How to connect for projecting where nobody else does; nil where the operator may not.
        var live: PostgresSettings?
        var projection = ProjectionSettings()
    }

    /// How long a member keeps trying while the database is away.
    private static let patience = Duration.seconds(300)
    /// How long live workers have to take a candidate up.
    private static let grace = Duration.seconds(5)
    /// How long a member that is asked to stop may go on with its chunk.
    private static let courtesy = Duration.seconds(15)
    /// How long a member waits that has nothing to do.
    private static let pause = ReplaySettings().pollInterval

    private let run: Int32
    private let database: Database
    private let settings: Settings
    private let logger: Logger
    private let templates = TemplateStore()
    private let outcome = Mutex(Outcome())
    /// What cancels the statement of each member.
    private let handles = Mutex<[Int: CancelHandle]>([:])
    /// The actor stands in it: whose worker took the run up is what the control log keeps.
    private let instance = "\(Actor.name)/replay-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"

    init(run: Int32, database: Database, settings: Settings, logger: Logger) {
        self.run = run
        self.database = database
        self.settings = settings
        self.logger = logger
    }

    /// Works until the run has ended. To be called once.
    ///
    /// - Returns: the state that it ended in; nil where the task was cancelled before.
    func work() async throws -> Generation.State? {
        let postgres = try database.settings(for: .admin)
        let members = (0..<settings.workers).map { index in
            ThreadLoop(name: "replay-\(index)") { [self] stop in conclude(index, postgres, stop) }
        }
        let progress = ReplayProgressLoop(run: run, instance: instance, postgres: postgres, logger: logger)
        let loops = members + [ThreadLoop(name: "progress") { stop in progress.run(stop: stop) }]
        for loop in loops { loop.start() }
        await wait(for: loops)
        let ended = outcome.withLock { $0 }
        if let error = ended.error { throw error }
        return ended.state
    }

    /// Waits for the first loop to end, or for cancellation, then has all of them end.
    private func wait(for loops: [ThreadLoop]) async {
        await withTaskGroup(of: Void.self) { group in
            for loop in loops { group.addTask { _ = await loop.join() } }
            await group.next()
            for loop in loops { loop.requestStop() }
            group.cancelAll()
        }
        var deadline = ContinuousClock.now + Self.courtesy
        for loop in loops {
            // Unstructured, because a cancelled task could not wait for a chunk to be finished.
            while !(await Task { [deadline] in await loop.join(deadline: deadline) }.value) {
                cancelStatements()
                deadline = .now + .seconds(1)
            }
        }
    }

    /// Whoever is in a long statement, such as the building of an index, would keep a process that is asked to end for too long.
    private func cancelStatements() {
        for handle in handles.withLock({ Array($0.values) }) {
            do {
                try handle.cancel()
            } catch {
                logger.info("Failed to cancel a statement", metadata: ["replay.run": "\(run)", "error": "\(error)"])
            }
        }
    }

    // MARK: - One member

    private func conclude(_ index: Int, _ postgres: PostgresSettings, _ stop: borrowing StopSignal) {
        do throws(ReplayError) {
            let state = try turn(index, postgres, stop)
            outcome.withLock { if $0.state == nil { $0.state = state } }
        } catch {
            keep(error, postgres)
            outcome.withLock { if $0.error == nil { $0.error = error } }
        }
    }

    private func turn(_ index: Int, _ postgres: PostgresSettings, _ stop: borrowing StopSignal) throws(ReplayError) -> Generation.State? {
        var failures = 0
        var deadline = ContinuousClock.now + Self.patience
        while !stop.isRequested {
            do throws(ReplayError) {
                var worker = try ReplayWorker(name: "\(instance)/\(index)", run: run, postgres: postgres, templates: templates, logger: logger)
                handles.withLock { [handle = worker.cancelHandle] in $0[index] = handle }
                while !stop.isRequested {
                    let begun = ContinuousClock.now
                    switch try worker.step() {
                    case .folded: rest(from: begun, stop)
                    case .moved: break
                    case .waiting: stop.wait(for: Self.pause)
                    case .catchingUp: try catchUp(&worker, isFirst: index == 0, stop)
                    case .ended(let state): return state
                    }
                    failures = 0
                    deadline = .now + Self.patience
                }
            } catch {
                if stop.isRequested, error.database?.sqlState == .queryCanceled { return nil }
                guard Self.isPassing(error), ContinuousClock.now < deadline else { throw error }
                failures += 1
                logger.info("Failed to replay; trying again", metadata: ["replay.run": "\(run)", "error": "\(error)"])
                stop.wait(for: Backoff().delay(afterFailures: failures, random: Double.random(in: 0..<1)))
            }
        }
        return nil
    }

    /// Whether trying again may help. An unknown commit is settled by whoever claims next: the chunk is done, or it is not.
    private static func isPassing(_ error: ReplayError) -> Bool {
        error.database.map { $0.isRetriable || $0.code == .commitUnknown } ?? false
    }

    /// Leaves the machine to others for as long as the share says.
    private func rest(from begun: ContinuousClock.Instant, _ stop: borrowing StopSignal) {
        guard settings.share < 1 else { return }
        stop.wait(for: (ContinuousClock.now - begun) * (1 / settings.share - 1))
    }

    /// Live workers keep a candidate up. Where there are none, or they do not get on, the first member is one itself, until the candidate is as far as what is
    /// live.
    private func catchUp(_ worker: inout ReplayWorker, isFirst: Bool, _ stop: borrowing StopSignal) throws(ReplayError) {
        guard isFirst, let live = settings.live, try isNeeded(&worker, stop) else {
            stop.wait(for: Self.pause)
            return
        }
        logger.info("Projecting until the candidate has caught up", metadata: ["replay.run": "\(run)"])
        var projection: ProjectionWorker
        do throws(ProjectionError) {
            projection = try ProjectionWorker(
                name: "\(instance)/live", postgres: live, settings: settings.projection, templates: templates, logger: logger)
        } catch {
            throw ReplayError(error)
        }
        defer { projection.end() }
        while !stop.isRequested, try worker.step() == .catchingUp {
            do throws(ProjectionError) {
                if try projection.step().isIdle { stop.wait(for: Self.pause) }
            } catch {
                throw ReplayError(error)
            }
        }
    }

    /// Whether nobody projects, or who does has not brought the candidate up for a while.
    private func isNeeded(_ worker: inout ReplayWorker, _ stop: borrowing StopSignal) throws(ReplayError) -> Bool {
        let deadline = ContinuousClock.now + Self.grace
        while !stop.isRequested, try isProjected(), ContinuousClock.now < deadline {
            guard try worker.step() == .catchingUp else { return false }
            stop.wait(for: Self.pause)
        }
        return !stop.isRequested
    }

    private func isProjected() throws(ReplayError) -> Bool {
        do {
            var connection = try database.connect(as: .admin)
            return try connection.queryOne(AskIfProjected()) ?? false
        } catch let error as PostgresError {
            throw ReplayError(error)
        } catch {
            return true
        }
    }

    /// Keeps with the run why it cannot go on, for `replay show`. Where the database cannot be asked, nothing is kept, and the run can be gone on with as it is.
    private func keep(_ error: ReplayError, _ postgres: PostgresSettings) {
        do {
            var connection = try Connection(postgres, logger: logger)
            try ReplayRuns.fail(try ReplayRuns.show(run, on: &connection), error, on: &connection)
        } catch {
            logger.info("Failed to keep why the run cannot go on", metadata: ["replay.run": "\(run)", "error": "\(error)"])
        }
    }
}

/// What the members came to.
private struct Outcome {
    var state: Generation.State?
    var error: ReplayError?
}

/// Whether somebody holds a projection's lease, or died with it.
private struct AskIfProjected: Statement {
    static let sql = "SELECT EXISTS (SELECT FROM diagnostics.projection_progress WHERE owner IS NOT NULL)"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}
