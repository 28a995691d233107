import Logging
import Synchronization
import Threading

/// Does a comparison's or a backfill's work on a thread of its own within a service, so that a signal ends it in order.
enum ExportWork {
    private final class Outcome<T: Sendable>: Sendable {
        let result = Mutex<Result<T, any Error>?>(nil)
    }

    /// Runs a body that ends soon after its signal is requested.
    ///
    /// - Returns: what the body returns.
    /// - Throws: what the body throws.
    static func run<T: Sendable>(
        _ name: String, _ logger: Logger, _ body: @escaping @Sendable (StopSignal) throws -> T
    ) async throws -> T {
        let outcome = Outcome<T>()
        let service = CancellableService(name) {
            let result: Result<T, any Error>
            do {
                result = .success(try await OwnThread.run(name, body))
            } catch {
                result = .failure(error)
            }
            outcome.result.withLock { $0 = result }
        }
        try await ServiceRun.run([service], logger: logger)
        guard let result = outcome.result.withLock({ $0 }) else { throw OperatorError(.unknown, "Interrupted before anything was begun.") }
        return try result.get()
    }
}
