import Threading

/// Who has a connection of a pool and who waits for one.
struct PoolState {
    /// A connection, or the turn to make one.
    typealias Answer = Result<ThreadBound<Connection>?, PostgresError>
    typealias Waiter = CheckedContinuation<Answer, Never>

    /// What becomes of a request.
    enum Lease {
        case granted(ThreadBound<Connection>?)
        case waiting
        case cancelled
        case closed
    }

    private let size: Int
    private var idle: [ThreadBound<Connection>] = []
    private var waiters: [(key: Int, waiter: Waiter)] = []
    // Requests that were announced and have not arrived: a task can be cancelled before it reaches the queue.
    private var announced: Set<Int> = []
    private var nextKey = 0
    private var isClosed = false

    /// How many connections are in use or being made.
    private(set) var leased = 0

    init(size: Int) {
        self.size = size
    }

    var waitingCount: Int { waiters.count }

    mutating func makeKey() -> Int {
        nextKey += 1
        announced.insert(nextKey)
        return nextKey
    }

    mutating func lease(_ key: Int, _ waiter: Waiter) -> Lease {
        if announced.remove(key) == nil { return .cancelled }
        if isClosed { return .closed }
        guard leased < size else {
            waiters.append((key, waiter))
            return .waiting
        }
        leased += 1
        // The one that was used last: its session is warm, and the others may be left alone.
        return .granted(idle.popLast())
    }

    /// Takes a connection back, or the permission for one that is gone; returns who gets it next.
    mutating func release(_ bound: ThreadBound<Connection>?) -> Waiter? {
        if !waiters.isEmpty { return waiters.removeFirst().waiter }
        leased -= 1
        if let bound, !isClosed { idle.append(bound) }
        return nil
    }

    /// Takes a waiter out of the queue, or keeps it from entering.
    mutating func cancel(_ key: Int) -> Waiter? {
        if announced.remove(key) != nil { return nil }
        return waiters.firstIndex { $0.key == key }.map { waiters.remove(at: $0).waiter }
    }

    mutating func close() -> (idle: [ThreadBound<Connection>], waiters: [Waiter]) {
        isClosed = true
        defer { (idle, waiters) = ([], []) }
        return (idle, waiters.map(\.waiter))
    }
}
