package import Logging
package import Postgres
package import Projections
import Synchronization
import Threading

/// Some workers of one process on one run, each on a thread of its own, until the run needs no more of them.
package final class ReplayCrew: Sendable {
    private let run: Int32
    private let postgres: PostgresSettings
    private let projecting: PostgresSettings
    private let projection: ProjectionSettings
    private let settings: ReplaySettings
    private let workers: Int
    private let logger: Logger
    private let failure = Mutex<ReplayError?>(nil)

    /// Prepares the workers; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - postgres: its `role` is the admin role.
    ///   - projecting: its `role` is the project role: one of the workers helps the live ones to keep the candidate up until it is ready.
    package init(
        run: Int32, postgres: PostgresSettings, projecting: PostgresSettings, projection: ProjectionSettings, settings: ReplaySettings, workers: Int,
        logger: Logger
    ) {
        self.run = run
        self.postgres = postgres
        self.projecting = projecting
        self.projection = projection
        self.settings = settings
        self.workers = workers
        self.logger = logger
    }

    /// Works until the run is ready, or somebody has interrupted it. What a worker cannot get over is kept with the run, which then is `failed` and may be
    /// resumed.
    ///
    /// - Parameter report: told a few times a second how far the run is.
    package func work(report: (ReplayRun, ReplayProgress) -> Void) async throws -> ReplayRun {
        let name = "replay/\(String(UInt32.random(in: 0 ... .max), radix: 16))"
        let templates = TemplateStore()
        let loops = (0..<max(workers, 1)).map { index in
            ThreadLoop(name: "replay-\(index)") { [self] stop in
                turn(name: "\(name)/\(index)", isFirst: index == 0, templates, stop: stop)
            }
        }
        for loop in loops { loop.start() }
        var connection = try Connection(postgres, logger: logger)
        for loop in loops {
            while !(await loop.join(deadline: .now + .milliseconds(250))) {
                report(try ReplayRuns.show(run, on: &connection), try ReplayProgress.read(run: run, on: &connection))
            }
        }
        let ended = try ReplayRuns.show(run, on: &connection)
        if let error = failure.withLock({ $0 }) {
            try ReplayRuns.fail(ended, error, on: &connection)
            throw error
        }
        report(ended, try ReplayProgress.read(run: run, on: &connection))
        return ended
    }

    // MARK: -

    private func turn(name: String, isFirst: Bool, _ templates: TemplateStore, stop: borrowing StopSignal) {
        var failures = 0
        while !stop.isRequested, failure.withLock({ $0 == nil }) {
            do throws(ReplayError) {
                var worker = try ReplayWorker(
                    name: "\(name)-\(failures)", run: run, postgres: postgres, settings: settings, templates: templates, logger: logger)
                if try turn(&worker, isFirst: isFirst, stop: stop) { return }
            } catch {
                failures += 1
                // A broken connection, a deadlock, a server that starts: what was not committed is done again.
                guard failures < 20, error.database.map({ $0.isRetriable || $0.code == .commitUnknown }) == true else {
                    failure.withLock { if $0 == nil { $0 = error } }
                    return
                }
                logger.info("Failed to replay; trying again", metadata: ["replay.worker": "\(name)", "error": "\(error)"])
                stop.wait(for: Backoff().delay(afterFailures: failures, random: Double.random(in: 0..<1)))
            }
        }
    }

    /// True when there is nothing more to do.
    private func turn(_ worker: inout ReplayWorker, isFirst: Bool, stop: borrowing StopSignal) throws(ReplayError) -> Bool {
        while !stop.isRequested, failure.withLock({ $0 == nil }) {
            let begun = ContinuousClock.now
            switch try worker.step() {
            case .folded, .moved:
                if settings.share < 1 { stop.wait(for: (ContinuousClock.now - begun) * ((1 - settings.share) / settings.share)) }
            case .waiting: stop.wait(for: settings.pollInterval)
            case .catchingUp:
                guard isFirst else { return true }
                try keepUp(name: worker.name, stop: stop)
            case .ended: return true
            }
        }
        return true
    }

    /// One more live worker for a while: where others hold the leases, they do the work.
    private func keepUp(name: String, stop: borrowing StopSignal) throws(ReplayError) {
        let deadline = ContinuousClock.now + .seconds(1)
        do throws(ProjectionError) {
            var worker = try ProjectionWorker(name: "\(name)/live", postgres: projecting, settings: projection, logger: logger)
            while !stop.isRequested, ContinuousClock.now < deadline {
                if try worker.step().isIdle { break }
            }
            worker.end()
        } catch {
            throw ReplayError(error)
        }
        stop.wait(for: settings.pollInterval)
    }
}
