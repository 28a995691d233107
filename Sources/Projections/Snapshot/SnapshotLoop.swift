import CoreMetrics
import Logging
import Postgres
import Threading

/// Refreshes the counts over the whole fleet, on a thread and a connection of its own: a slow count must not hold up any projection.
struct SnapshotLoop {
    let owner: String
    let postgres: PostgresSettings
    let settings: ProjectionSettings
    let logger: Logger

    /// Runs until it is stopped. Failures are retried: nothing else depends on the counts.
    func run(stop: borrowing StopSignal) {
        let metrics = ProjectionMetrics(worker: "snapshot")
        var failures = 0
        while !stop.isRequested {
            do throws(PostgresError) {
                var connection = try Connection(postgres, logger: logger)
                try refresh(on: &connection, stop, metrics, &failures)
                try FleetSnapshot.release(owner: owner, on: &connection)
            } catch {
                failures += 1
                logger.debug("Failed to refresh the snapshot", metadata: [LogKey.error: "\(error)"])
                stop.wait(for: Backoff().delay(afterFailures: failures, random: Double.random(in: 0..<1)))
            }
        }
    }

    private func refresh(
        on connection: inout Connection, _ stop: borrowing StopSignal, _ metrics: ProjectionMetrics, _ failures: inout Int
    ) throws(PostgresError) {
        while !stop.isRequested {
            let begun = ContinuousClock.now
            let isOurs = try FleetSnapshot.refresh(owner: owner, lease: settings.lease + settings.snapshotInterval, on: &connection)
            let duration = ContinuousClock.now - begun
            failures = 0
            if isOurs { metrics.snapshotDuration.record(duration) }
            // A fleet whose count takes long is counted less often, so that counting costs at most a fifth of a core.
            stop.wait(for: max(settings.snapshotInterval, duration * 4))
        }
    }
}
