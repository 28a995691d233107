import Synchronization

/// A synchronous loop on a thread of its own: what a hot path runs on.
///
/// The body runs `step()` after `step()` until its ``StopSignal`` asks it to return. Async code only starts, stops and awaits it.
package final class ThreadLoop: Sendable {
    private let name: String
    private let body: @Sendable (borrowing StopSignal) -> Void
    private let state = Mutex(State())

    /// What ends the loop; also to be given to whatever the loop waits in.
    package let stopSignal = StopSignal()

    /// Prepares a loop without starting it.
    ///
    /// - Parameters:
    ///   - name: the thread's name, as debuggers show it; Linux keeps the first 15 bytes.
    ///   - body: runs once, on the loop's thread; it returns soon after the signal is requested.
    package init(name: String, body: @escaping @Sendable (borrowing StopSignal) -> Void) {
        self.name = name
        self.body = body
    }

    /// Starts the thread. A loop can be started once.
    package func start() {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        precondition(isFirst, "Cannot start a loop twice")
        Thread.start(name: name) { [self] in
            body(stopSignal)
            let waiters = state.withLock { $0.end() }
            for waiter in waiters { waiter.resume(returning: true) }
        }
    }

    /// Asks the body to return. Any thread may call this, any number of times.
    package func requestStop() {
        stopSignal.request()
    }

    /// Whether the body has returned.
    package var hasEnded: Bool { state.withLock { $0.isEnded } }

    /// Waits until the body has returned; `false` when the time is over or the task was cancelled before that.
    ///
    /// - Parameter deadline: when to give up; `nil` waits without end.
    package func join(deadline: ContinuousClock.Instant? = nil) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.ended() }
            if let deadline {
                group.addTask {
                    // Cancelled means that the other task was first; its answer is the one that counts.
                    try? await Task.sleep(until: deadline, clock: .continuous)
                    return self.hasEnded
                }
            }
            let answer = await group.next() ?? false
            group.cancelAll()
            return answer
        }
    }

    // MARK: -

    private func ended() async -> Bool {
        let key = state.withLock { $0.makeKey() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { $0.wait(continuation, key: key) }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.cancel(key) }?.resume(returning: false)
        }
    }
}

extension ThreadLoop {
    /// Who waits for the loop's end.
    private struct State {
        var isStarted = false
        var isEnded = false
        private var nextKey = 0
        // Waits that were announced and have not begun: a task can be cancelled in between.
        private var announced: Set<Int> = []
        private var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]

        mutating func makeKey() -> Int {
            nextKey += 1
            announced.insert(nextKey)
            return nextKey
        }

        /// The answer, when there is no need to wait.
        mutating func wait(_ continuation: CheckedContinuation<Bool, Never>, key: Int) -> Bool? {
            let isCancelled = announced.remove(key) == nil
            if isEnded || isCancelled { return isEnded }
            waiters[key] = continuation
            return nil
        }

        mutating func cancel(_ key: Int) -> CheckedContinuation<Bool, Never>? {
            announced.remove(key) == nil ? waiters.removeValue(forKey: key) : nil
        }

        mutating func end() -> [CheckedContinuation<Bool, Never>] {
            isEnded = true
            defer { waiters = [:] }
            return Array(waiters.values)
        }
    }
}
