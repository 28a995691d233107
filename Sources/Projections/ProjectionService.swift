import Catalog
import Glibc
package import Logging
package import Postgres
import Synchronization
import Threading

/// Runs the projections of this process: some worker threads, and one that refreshes the counts over the whole fleet.
///
/// Any number of processes share the sources; whoever is killed is replaced when its leases end.
package final class ProjectionService: Sendable {
    private let postgres: PostgresSettings
    private let settings: ProjectionSettings
    private let logger: Logger
    private let isStarted = Atomic<Bool>(false)

    /// Prepares the service; nothing is connected yet.
    ///
    /// - Parameter postgres: its `role` is the project role.
    package init(postgres: PostgresSettings, settings: ProjectionSettings = ProjectionSettings(), logger: Logger) {
        self.postgres = postgres
        self.settings = settings
        self.logger = logger
    }

    /// Projects until the task is cancelled, then gives the leases back. To be called once.
    ///
    /// - Throws: ``ProjectionError`` where no worker of this program can work here: the database refuses it, was never migrated, or holds newer rules.
    package func run() async throws {
        try await run(untilCaughtUp: false)
    }

    /// Projects until every projection of every source is where the log is, then refreshes the counts once more. To be called once, after the last append.
    ///
    /// - Throws: ``ProjectionError``, also where a projection is paused.
    package func runUntilCaughtUp() async throws {
        try await run(untilCaughtUp: true)
        let (postgres, logger) = (postgres, logger)
        let owner = "\(settings.ownerName)/\(getpid())/last"
        let executor = try await ThreadBound<Connection>(name: "snapshot") { () throws(PostgresError) in
            try Connection(postgres, logger: logger)
        }
        let lease = settings.lease
        try await executor.run { (connection: inout Connection) throws(PostgresError) in
            try FleetSnapshot.refresh(owner: owner, lease: lease, on: &connection)
            try FleetSnapshot.release(owner: owner, on: &connection)
        }
    }

    // MARK: -

    private func run(untilCaughtUp: Bool) async throws {
        let isFirst = isStarted.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
        precondition(isFirst, "Cannot run the projections twice")
        // A restarted process must not be taken for the one before: leases belong to a name.
        let instance = "\(settings.ownerName)/\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
        let outcome = Outcome()
        let templates = TemplateStore()
        let (postgres, settings, logger) = (postgres, settings, logger)
        var loops = (0..<settings.workers).map { index in
            ThreadLoop(name: "project-\(index)") { stop in
                let error = Self.work(
                    name: "\(instance)/\(index)", postgres, settings, templates, untilCaughtUp: untilCaughtUp, logger: logger, stop: stop)
                if let error { outcome.fail(error) }
            }
        }
        if settings.snapshotInterval > .zero {
            let snapshot = SnapshotLoop(owner: instance, postgres: postgres, settings: settings, logger: logger)
            loops.append(ThreadLoop(name: "snapshot") { stop in snapshot.run(stop: stop) })
        }
        for loop in loops { loop.start() }
        await Self.wait(for: loops)
        if let error = outcome.error { throw error }
    }

    /// Waits for the first loop to end, or for cancellation, then has all of them end.
    private static func wait(for loops: [ThreadLoop]) async {
        await withTaskGroup(of: Void.self) { group in
            for loop in loops { group.addTask { _ = await loop.join() } }
            await group.next()
            for loop in loops { loop.requestStop() }
            group.cancelAll()
        }
        for loop in loops {
            // Unstructured, because a cancelled task could not wait for the leases to be given back.
            await Task { _ = await loop.join() }.value
        }
    }

    private static func work(
        name: String, _ postgres: PostgresSettings, _ settings: ProjectionSettings, _ templates: TemplateStore, untilCaughtUp: Bool, logger: Logger,
        stop: borrowing StopSignal
    ) -> ProjectionError? {
        var failures = 0
        while !stop.isRequested {
            do throws(ProjectionError) {
                var worker = try ProjectionWorker(name: name, postgres: postgres, settings: settings, templates: templates, logger: logger)
                let error = worker.run(stop: stop, untilCaughtUp: untilCaughtUp)
                worker.end()
                return error
            } catch {
                // Before the first turn, only a server that cannot be reached yet is worth waiting for.
                guard let database = error.database, database.isRetriable else { return error }
                failures += 1
                logger.info("Failed to connect; trying again", metadata: [LogKey.worker: "\(name)", LogKey.error: "\(error)"])
                stop.wait(for: Backoff().delay(afterFailures: failures, random: Double.random(in: 0..<1)))
            }
        }
        return nil
    }
}

/// What the first loop that failed said.
private final class Outcome: Sendable {
    private let failure = Mutex<ProjectionError?>(nil)

    var error: ProjectionError? { failure.withLock { $0 } }

    func fail(_ error: ProjectionError) {
        failure.withLock { if $0 == nil { $0 = error } }
    }
}
