import Postgres
import Synchronization
import TestSupport
import Testing
import Threading

@Suite(.emptyDatabase) struct PoolTests {
    @Test func `no more connections are open than the pool may have`() async throws {
        let pool = Pool(TestDatabase.current.settings, size: 3, logger: quiet)
        let crowd = Crowd()
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<30 {
                group.addTask {
                    try await pool.withConnection { (connection: inout Connection) throws(PostgresError) -> Int32 in
                        crowd.enter()
                        defer { crowd.leave() }
                        _ = try connection.query(Series(count: 1000))
                        return connection.backendPID
                    }
                }
            }
            var sessions: Set<Int32> = []
            for try await pid in group { sessions.insert(pid) }
            #expect(sessions.count <= 3)
        }
        #expect(crowd.most <= 3 && crowd.most > 0)
        #expect(pool.leasedCount == 0)
        await pool.close()
    }

    @Test func `who waits gets a connection in turn`() async throws {
        let pool = Pool(TestDatabase.current.settings, size: 1, logger: quiet)
        let (held, free) = (WakeSignal(), WakeSignal())
        let holder = Task {
            try await pool.withConnection { (_: inout Connection) throws(PostgresError) in
                held.send()
                free.wait(for: .seconds(60))
            }
        }
        try await waitUntil { held.wait(for: .zero) }
        let order = Order()
        var waiters: [Task<Void, any Error>] = []
        for number in 0..<5 {
            waiters.append(Task { try await pool.withConnection { (_: inout Connection) throws(PostgresError) in order.note(number) } })
            try await waitUntil { pool.waitingCount == number + 1 }
        }
        waiters[2].cancel()
        do {
            try await waiters.remove(at: 2).value
            Issue.record("a cancelled task got a connection")
        } catch {
            #expect((error as? PostgresError)?.code == .cancelled)
        }
        free.send()
        try await holder.value
        for waiter in waiters { try await waiter.value }
        #expect(order.numbers == [0, 1, 3, 4])
        await pool.close()
    }

    @Test func `a connection that broke is replaced`() async throws {
        let pool = Pool(TestDatabase.current.settings, size: 1, logger: quiet)
        var other = try TestDatabase.connect()
        let first = try await pool.withConnection { (connection: inout Connection) throws(PostgresError) in connection.backendPID }
        #expect(try other.queryOne(TerminateBackend(pid: first)) == true)
        let second = try await pool.withConnection { (connection: inout Connection) throws(PostgresError) -> Int32 in
            _ = try connection.query(Series(count: 1))
            return connection.backendPID
        }
        #expect(second != first)
        await pool.close()
    }

    @Test func `an error passes through and leaves no transaction behind`() async throws {
        let pool = Pool(TestDatabase.current.settings, size: 1, logger: quiet)
        do throws(CallerError) {
            try await pool.withConnection { (connection: inout Connection) throws(CallerError) in
                do throws(PostgresError) { try connection.begin() } catch { throw CallerError(error) }
                throw CallerError("no")
            }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error == CallerError("no"))
        }
        let isInTransaction = try await pool.withConnection { (connection: inout Connection) throws(PostgresError) in connection.isInTransaction }
        #expect(!isInTransaction)
        await pool.close()
    }

    @Test func `a server that cannot be reached is an error after the last attempt, and frees the place`() async throws {
        let backoff = Backoff(initial: .milliseconds(1), maximum: .milliseconds(2))
        let pool = Pool(PostgresSettings("host=127.0.0.1 port=1"), size: 1, backoff: backoff, attempts: 3, logger: quiet)
        for _ in 0..<2 {
            do throws(PostgresError) {
                try await pool.withConnection { (_: inout Connection) throws(PostgresError) in }
                Issue.record("something answered at port 1")
            } catch {
                #expect(error.code == .connectionFailed)
            }
        }
        #expect(pool.leasedCount == 0)
    }

    @Test func `a closed pool fails who waits and who comes`() async throws {
        let pool = Pool(TestDatabase.current.settings, size: 1, logger: quiet)
        let (held, free) = (WakeSignal(), WakeSignal())
        let holder = Task {
            try await pool.withConnection { (_: inout Connection) throws(PostgresError) in
                held.send()
                free.wait(for: .seconds(60))
            }
        }
        try await waitUntil { held.wait(for: .zero) }
        let waiter = Task { try await pool.withConnection { (_: inout Connection) throws(PostgresError) in } }
        try await waitUntil { pool.waitingCount == 1 }
        await pool.close()
        for attempt in [waiter, Task { try await pool.withConnection { (_: inout Connection) throws(PostgresError) in } }] {
            do {
                try await attempt.value
                Issue.record("a closed pool gave a connection")
            } catch {
                #expect((error as? PostgresError)?.code == .poolClosed)
            }
        }
        free.send()
        try await holder.value
        #expect(pool.leasedCount == 0)
    }

    /// Lets other tasks run until something has happened; gives up after a minute.
    private func waitUntil(_ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .patience
        while !condition() {
            try #require(ContinuousClock.now < deadline, "it never happened")
            await Task.yield()
        }
    }
}

/// Counts how many are somewhere at a time.
private final class Crowd: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() {
        counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
    }

    func leave() {
        counts.withLock { $0.now -= 1 }
    }
}

/// Who came after whom.
private final class Order: Sendable {
    private let came = Mutex<[Int]>([])

    var numbers: [Int] { came.withLock { $0 } }

    func note(_ number: Int) {
        came.withLock { $0.append(number) }
    }
}
