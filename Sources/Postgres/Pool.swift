package import Logging
import Synchronization
import Threading

/// A few connections, each on a thread of its own, for async code that needs one now and then.
///
/// Connections are made when they are first needed. One that broke is replaced the next time it is needed, with a pause between attempts that grows.
/// Tasks that wait for a connection get one in the order in which they came.
package final class Pool: Sendable {
    private let settings: PostgresSettings
    private let backoff: Backoff
    private let attempts: Int
    private let logger: Logger
    private let random: @Sendable () -> Double
    private let state: Mutex<PoolState>

    /// A pool without connections yet.
    ///
    /// - Parameters:
    ///   - size: how many connections there are at most.
    ///   - attempts: how often to try to connect before the task that needs the connection gets the error.
    ///   - random: gives numbers from 0 to below 1, for the backoff's jitter.
    package init(
        _ settings: PostgresSettings, size: Int, backoff: Backoff = Backoff(), attempts: Int = 5, logger: Logger,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        precondition(size > 0 && attempts > 0, "Cannot have a pool of \(size) connections with \(attempts) attempts")
        self.settings = settings
        self.backoff = backoff
        self.attempts = attempts
        self.logger = logger
        self.random = random
        state = Mutex(PoolState(size: size))
    }

    /// Runs a synchronous unit of work on a connection, on the connection's thread. A transaction that it leaves open is rolled back.
    ///
    /// - Important: spell out `throws(SomeError)` at the closure. It must not wait for another connection of the same pool.
    /// - Throws: what the body throws; ``PostgresError/Code/connectionFailed`` after the last attempt, ``PostgresError/Code/cancelled``,
    ///   ``PostgresError/Code/poolClosed``.
    package func withConnection<T: Sendable, E: PostgresFailure>(
        _ body: @Sendable (inout Connection) throws(E) -> T
    ) async throws(E) -> T {
        while true {
            let bound: ThreadBound<Connection>
            do throws(PostgresError) {
                bound = try await lease()
            } catch {
                throw E(error)
            }
            let outcome: Outcome<T, E> = await bound.run { (connection: inout Connection) -> Outcome<T, E> in
                guard connection.isStillThere else { return .gone }
                do throws(E) {
                    let value = try body(&connection)
                    connection.rollback()
                    return .returned(value, isUsable: connection.isUsable)
                } catch {
                    connection.rollback()
                    return .threw(error, isUsable: connection.isUsable)
                }
            }
            switch outcome {
            case .gone: release(nil)
            case .returned(let value, let isUsable):
                release(isUsable ? bound : nil)
                return value
            case .threw(let error, let isUsable):
                release(isUsable ? bound : nil)
                throw error
            }
        }
    }

    /// Closes the connections that nobody uses, the others when they are given back, and fails whoever waits.
    package func close() async {
        let (idle, waiters) = state.withLock { $0.close() }
        for waiter in waiters { waiter.resume(returning: .failure(Self.closed)) }
        for bound in idle { await bound.run { (connection: inout Connection) in connection.close() } }
    }

    /// How many connections are open or being made, for gauges.
    package var leasedCount: Int { state.withLock { $0.leased } }

    /// How many tasks wait, for gauges.
    package var waitingCount: Int { state.withLock { $0.waitingCount } }

    // MARK: -

    private enum Outcome<T: Sendable, E: PostgresFailure>: Sendable {
        case gone
        case returned(T, isUsable: Bool)
        case threw(E, isUsable: Bool)
    }

    private static var closed: PostgresError { PostgresError(.poolClosed, "the pool of connections was closed") }
    private static var cancelled: PostgresError { PostgresError(.cancelled, "the task was cancelled while it waited for a connection") }

    private func lease() async throws(PostgresError) -> ThreadBound<Connection> {
        if let bound = try await permit().get() { return bound }
        do throws(PostgresError) {
            return try await connect()
        } catch {
            release(nil)
            throw error
        }
    }

    /// Waits until it is this task's turn to use a connection; `nil` is the turn to make one.
    private func permit() async -> PoolState.Answer {
        let key = state.withLock { $0.makeKey() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { $0.lease(key, continuation) }
                switch answer {
                case .granted(let bound): continuation.resume(returning: .success(bound))
                case .closed: continuation.resume(returning: .failure(Self.closed))
                case .cancelled: continuation.resume(returning: .failure(Self.cancelled))
                case .waiting: break
                }
            }
        } onCancel: {
            state.withLock { $0.cancel(key) }?.resume(returning: .failure(Self.cancelled))
        }
    }

    private func connect() async throws(PostgresError) -> ThreadBound<Connection> {
        var failures = 0
        while true {
            do throws(PostgresError) {
                let (settings, logger) = (settings, logger)
                return try await ThreadBound<Connection>(name: "postgres") { () throws(PostgresError) in try Connection(settings, logger: logger) }
            } catch {
                failures += 1
                if error.isRefusal || error.code == .invalidSettings || failures == attempts { throw error }
                let delay = backoff.delay(afterFailures: failures, random: random())
                logger.debug("Failed to connect", metadata: [LogKey.error: "\(error)", LogKey.delay: "\(delay)"])
                do {
                    try await Task.sleep(for: delay)
                } catch {
                    throw Self.cancelled
                }
            }
        }
    }

    private func release(_ bound: ThreadBound<Connection>?) {
        let waiter = state.withLock { $0.release(bound) }
        waiter?.resume(returning: .success(bound))
    }
}
