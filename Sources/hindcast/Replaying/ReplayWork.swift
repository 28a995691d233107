import Catalog
import Logging
import Postgres
import Replay
import Synchronization

/// Does a run's work within a service, so that a signal ends it in order.
enum ReplayWork {
    /// Runs a body that a signal cancels, and that then ends in its own time.
    ///
    /// - Returns: what the body does.
    static func run<T: Sendable>(_ logger: Logger, _ body: @escaping @Sendable () async throws -> T?) async throws -> T? {
        let result = Result<T>()
        let service = CancellableService("replay") {
            let value = try await body()
            result.value.withLock { $0 = value }
        }
        try await ServiceRun.run([service], logger: logger)
        return result.value.withLock { $0 }
    }

    /// Works on a run until it is ready.
    ///
    /// - Returns: the run; nil where a signal came first.
    /// - Throws: where it ended otherwise, with what to do.
    static func carryOut(_ run: Int32, _ database: Database, _ team: ReplayTeam.Settings, logger: Logger) async throws -> ReplayRun? {
        let state = try await ReplayTeam(run: run, database: database, settings: team, logger: logger).work()
        guard state != nil else { return nil }
        var connection = try database.connect(as: .admin)
        let ended = try ReplayRuns.show(run, on: &connection)
        switch ended.state {
        case .ready, .live: return ended
        case .paused:
            throw OperatorError(.unknown, "Replay \(run) was paused; `hindcast replay resume \(run)` goes on.")
        case .failed:
            throw OperatorError(
                .unknown, "Replay \(run) failed: \(ended.failure ?? "nothing was kept of why"); `hindcast replay resume \(run)` goes on.")
        default: throw OperatorError(.usage, "Replay \(run) is \(ended.state.words), and there is nothing to run.")
        }
    }

    /// A signal came before the run was ready.
    static func interrupted(_ run: Int32) -> OperatorError {
        OperatorError(.unknown, "Interrupted; nothing is lost, and `hindcast replay run \(run)` goes on.")
    }

    private final class Result<T: Sendable>: Sendable {
        let value = Mutex<T?>(nil)
    }
}
