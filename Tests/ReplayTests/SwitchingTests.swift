import Catalog
import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import Replay
import Synchronization
import TestSupport
import Testing
import Threading

/// Promoting and rolling back while messages come in, workers fold and dashboards read.
@Suite(.database) struct SwitchingTests {
    @Test func `readers see one generation, and counts that never go back, while the pointer moves to and fro`() async throws {
        try publish(pumpTemplate())
        var fleet = SampleFleet(seed: 5)
        var log = try LogFixture()
        try log.append(fleet.records(200), by: 20)
        try project()
        let run = try carryOut(try plan(.document(pumpTemplate(name: "Temperature"))).run.id)
        let digest = try #require(run.summary).digest

        let settings = TestDatabase.current.settings
        let reader = Reader()
        let watching = ThreadLoop(name: "reader") { stop in reader.watch(settings, stop: stop) }
        let worker = ThreadLoop(name: "live") { stop in reader.keepUp(settings.with(role: "hindcast_project"), stop: stop) }
        watching.start()
        worker.start()
        var connection = try admin()
        for round in 0..<6 {
            try log.append(fleet.records(20))
            try Self.retried {
                if round % 2 == 0 {
                    try Promotions.promote(run.id, diff: digest, budget: nil, actor: "ada", on: &connection)
                } else {
                    try Promotions.rollback(run.id, actor: "ada", on: &connection)
                }
            }
            // Both have been seen before the next turn.
            let live = try live()
            try await waitUntil { reader.hasSeen(live) }
        }
        watching.requestStop()
        worker.requestStop()
        _ = await watching.join()
        _ = await worker.join()
        #expect(reader.all == [])
    }

    /// Until the candidate is as far as the other one.
    private static func retried(_ body: () throws -> Void) throws {
        let deadline = ContinuousClock.now + .patience
        while true {
            do {
                return try body()
            } catch let error as ReplayError {
                guard error.code == .behind || error.database?.isRetriable == true, ContinuousClock.now < deadline else { throw error }
            }
        }
    }
}

/// Reads as a dashboard does, and keeps what it saw.
private final class Reader: Sendable {
    private let problems = Mutex<[String]>([])
    private let seen = Mutex<Set<Int32>>([])
    private let last = Mutex<Int64>(0)

    var all: [String] { problems.withLock { $0 } }

    /// Whether a generation was live in a look since the last time that this was asked with yes for an answer.
    func hasSeen(_ generation: Int32) -> Bool { seen.withLock { $0.remove(generation) != nil } }

    func watch(_ settings: PostgresSettings, stop: borrowing StopSignal) {
        do {
            var connection = try Connection(settings, logger: quiet)
            while !stop.isRequested {
                guard let look = try connection.queryOne(SelectLook()) else { continue }
                seen.withLock { _ = $0.insert(look.generation) }
                let before = last.withLock { last in
                    defer { last = max(last, look.messages) }
                    return last
                }
                if look.live != 1 { problems.withLock { $0.append("\(look.live) generations are live") } }
                if look.messages < before { problems.withLock { $0.append("\(look.messages) messages after \(before)") } }
            }
        } catch {
            problems.withLock { $0.append("\(error)") }
        }
    }

    func keepUp(_ settings: PostgresSettings, stop: borrowing StopSignal) {
        do {
            var worker = try ProjectionWorker(name: "live", postgres: settings, settings: ProjectionSettings(), logger: quiet)
            while !stop.isRequested {
                if try worker.step().isIdle { try worker.wait(stop: stop) }
            }
            worker.end()
        } catch {
            problems.withLock { $0.append("\(error)") }
        }
    }
}

private struct SelectLook: Statement {
    struct Row: Sendable {
        let live: Int64
        let generation: Int32
        let messages: Int64
    }

    // One statement, as one look of a dashboard.
    static let sql = """
        SELECT (SELECT count(*) FROM hindcast.live_generation), (SELECT generation FROM hindcast.live_generation),
            (SELECT coalesce(sum(v.messages), 0)::bigint FROM hindcast.device_verdict v WHERE v.generation = (SELECT generation FROM hindcast.live_generation))
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(live: try row.int64(0), generation: try row.int32(1), messages: try row.int64(2))
    }
}
