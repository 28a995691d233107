import Catalog
import Diagnostics
import EventLog
import Logging
import Postgres
import Threading

extension ProjectionWorker {
    /// Turns until it is stopped, reconnecting where it has to; with `untilCaughtUp` until there is nothing left to do for anybody.
    ///
    /// - Returns: why it ended, where neither is the reason.
    mutating func run(stop: borrowing StopSignal, untilCaughtUp: Bool) -> ProjectionError? {
        var failures = 0
        while !stop.isRequested {
            do throws(ProjectionError) {
                if failures > 0, !connection.isUsable, try !recover(stop: stop) { break }
                let turn = try step()
                failures = 0
                guard turn.isIdle else { continue }
                if untilCaughtUp, try isCaughtUp() { break }
                try wait(stop: stop)
            } catch {
                if error.isFinal || error.code == .paused { return error }
                connection.rollback()
                failures += 1
                logger.info("Failed to project; trying again", metadata: [LogKey.worker: "\(name)", LogKey.error: "\(error)"])
                // What was not committed is read again; what a broken connection may have committed is found in the table.
                held = [:]
                refreshDue = .now
                if error.needsConnection { connection.close() }
                stop.wait(for: Backoff().delay(afterFailures: failures, random: Double.random(in: 0..<1)))
            }
        }
        return nil
    }

    /// Whether every projection of every source is where the log is, whoever holds it.
    ///
    /// - Throws: ``ProjectionError/Code/paused`` where one cannot get there.
    package mutating func isCaughtUp() throws(ProjectionError) -> Bool {
        let (sources, checkpoints, generations, last) = try connection.projecting { (connection: inout Connection) throws(PostgresError) in
            (
                try LogSources.all(on: &connection), try Checkpoints.all(on: &connection), try Generations.tailing(on: &connection),
                try ControlLog.last(on: &connection)
            )
        }
        let byKey = Dictionary(uniqueKeysWithValues: checkpoints.map { ($0.key, $0) })
        for source in sources {
            for key in CheckpointKey.wanted(source: source.sourceID, generations: generations) {
                guard let checkpoint = byKey[key] else { return false }
                if checkpoint.isCaughtUp(logEnd: source.nextOffset, controlSeq: last) { continue }
                if let failure = checkpoint.failure {
                    throw ProjectionError(
                        .paused,
                        "Projection \(key.projection.rawValue) of generation \(key.generation) is paused at \(key.source):\(checkpoint.nextOffset): \(failure)"
                    )
                }
                return false
            }
        }
        return true
    }
}
