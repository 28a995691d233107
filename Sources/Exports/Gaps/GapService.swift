import CoreMetrics
import Glibc
package import Logging
package import Postgres
import Threading

/// Finds and counts gaps beside the projections, on a thread and a connection of its own: reading the log for a gap must not hold up any projection.
///
/// Any number of processes may run one; one of them does the work, and another takes over when its lease ends.
package final class GapService: Sendable {
    private let postgres: PostgresSettings
    private let settings: ExportSettings
    private let owner: String
    private let logger: Logger

    /// Prepares the service; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - postgres: its `role` is the project role.
    ///   - ownerName: names this process among others.
    package init(postgres: PostgresSettings, settings: ExportSettings = ExportSettings(), ownerName: String = "hindcast", logger: Logger) {
        self.postgres = postgres
        self.settings = settings
        self.logger = logger
        owner = "\(ownerName)/\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))/gaps"
    }

    /// Looks for gaps until the task is cancelled, then gives the lease back. Failures are retried: nothing else depends on gaps.
    package func run() async {
        let loop = ThreadLoop(name: "gaps") { [self] stop in look(stop: stop) }
        loop.start()
        _ = await loop.join()
        loop.requestStop()
        // Unstructured, because a cancelled task could not wait for the lease to be given back.
        await Task { _ = await loop.join() }.value
    }

    /// Looks for gaps once and counts them to the end, where no other process does. To be called when the projections have caught up.
    package func runOnce() async throws {
        let (postgres, settings, owner, logger) = (postgres, settings, owner, logger)
        let executor = try await ThreadBound<Connection>(name: "gaps") { () throws(PostgresError) in try Connection(postgres, logger: logger) }
        try await executor.run { (connection: inout Connection) throws(PostgresError) in
            var pass = GapPass(owner: owner, settings: settings)
            _ = try pass.run(on: &connection)
            try pass.end(on: &connection)
        }
    }

    // MARK: -

    private func look(stop: borrowing StopSignal) {
        let duration = Timer(label: "hindcast_gap_pass_duration_nanoseconds")
        var failures = 0
        while !stop.isRequested {
            do throws(PostgresError) {
                var connection = try Connection(postgres, logger: logger)
                var pass = GapPass(owner: owner, settings: settings)
                while !stop.isRequested {
                    let begun = ContinuousClock.now
                    let hasMore = try pass.step(on: &connection)
                    let took = ContinuousClock.now - begun
                    failures = 0
                    if hasMore != nil {
                        duration.recordNanoseconds(took.components.seconds * 1_000_000_000 + took.components.attoseconds / 1_000_000_000)
                    }
                    if hasMore != true { stop.wait(for: max(settings.interval, took * 4)) }
                }
                try pass.end(on: &connection)
            } catch {
                failures += 1
                logger.debug("Failed to look for gaps", metadata: ["exports.error": "\(error)"])
                stop.wait(for: Backoff().delay(afterFailures: failures, random: Double.random(in: 0..<1)))
            }
        }
    }
}
