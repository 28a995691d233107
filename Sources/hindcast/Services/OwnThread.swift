import Synchronization
import Threading

/// Blocking work on a thread of its own, so that it takes none of the few that async code runs on.
enum OwnThread {
    private final class Outcome<T: Sendable>: Sendable {
        let result = Mutex<Result<T, any Error>?>(nil)
    }

    /// Runs a body that ends soon after its signal is requested, which is when the task is cancelled.
    ///
    /// - Returns: what the body returns.
    /// - Throws: what the body throws.
    static func run<T: Sendable>(_ name: String, _ body: @escaping @Sendable (StopSignal) throws -> T) async throws -> T {
        let outcome = Outcome<T>()
        let stop = StopSignal()
        let loop = ThreadLoop(name: name) { _ in
            let result = Result { try body(stop) }
            outcome.result.withLock { $0 = result }
        }
        loop.start()
        await withTaskCancellationHandler {
            // Unstructured, because a cancelled task could not wait for the work to end in order.
            await Task { _ = await loop.join() }.value
        } onCancel: {
            stop.request()
        }
        guard let result = outcome.result.withLock({ $0 }) else { preconditionFailure("A thread ended without an outcome") }
        return try result.get()
    }
}
