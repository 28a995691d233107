import Hashing
import LogSupport
import Postgres
import Replay
import Synchronization
import TestSupport
import Testing
import Threading

/// Promoting and aborting one run at the same moment: one is done, the other is refused, and neither waits for the other for ever.
@Suite(.database) struct PromoteAgainstAbortTests {
    @Test(arguments: ["promote", "abort"]) func `whoever is first is done, and the other is refused`(first: String) async throws {
        try publish(pumpTemplate())
        var fleet = SampleFleet(seed: 3)
        var log = try LogFixture()
        try log.append(fleet.records(60), by: 20)
        try project()
        var connection = try admin()
        // Another role's sessions do not show what they wait for.
        var watcher = try TestDatabase.connect()
        for round in 0..<3 {
            let run = try carryOut(try plan(.document(pumpTemplate(name: "Temperature"))).run.id)
            let digest = try #require(run.summary).digest
            // Both write the generation's row behind the run's, and wait there until both have come.
            var holder = try TestDatabase.connect()
            try holder.begin()
            #expect(try holder.queryOne(HoldGeneration(generation: run.generation)) == run.generation)
            let acts = [Act("promote", run.id, digest), Act("abort", run.id, digest)].sorted { first == $0.name && first != $1.name }
            for (index, act) in acts.enumerated() {
                act.start()
                try await waitUntil { try watcher.queryOne(CountWaiting()) == Int64(index + 1) }
            }
            try holder.commit()
            var refusals: [ReplayError?] = []
            for act in acts { refusals.append(await act.refusal()) }
            #expect(refusals[0] == nil, "round \(round): \(String(describing: refusals[0]))")
            #expect(refusals[1]?.code == .stateWrong, "round \(round): \(String(describing: refusals[1]))")
            #expect(try live() == (first == "promote" ? run.generation : run.base))
            if first == "promote" {
                try Promotions.rollback(run.id, actor: "ada", on: &connection)
                try ReplayRuns.abort(run.id, actor: "ada", on: &connection)
            }
        }
    }
}

/// One of the two, on a thread and a connection of its own.
private struct Act {
    let name: String
    private let outcome = Outcome()
    private let loop: ThreadLoop

    init(_ name: String, _ run: Int32, _ digest: SHA256Digest) {
        self.name = name
        let settings = TestDatabase.current.settings.with(role: "hindcast_admin")
        loop = ThreadLoop(name: name) { [outcome] _ in
            do throws(ReplayError) {
                var connection = try Self.connect(settings)
                if name == "promote" {
                    try Promotions.promote(run, diff: digest, budget: nil, actor: "ada", on: &connection)
                } else {
                    try ReplayRuns.abort(run, actor: "ada", on: &connection)
                }
            } catch {
                outcome.error.withLock { $0 = error }
            }
        }
    }

    func start() { loop.start() }

    /// What it was refused with, once it has ended; nil where it was done.
    func refusal() async -> ReplayError? {
        _ = await loop.join()
        return outcome.error.withLock { $0 }
    }

    private static func connect(_ settings: PostgresSettings) throws(ReplayError) -> Connection {
        do throws(PostgresError) {
            return try Connection(settings, logger: quiet)
        } catch {
            throw ReplayError(error)
        }
    }

    private final class Outcome: Sendable {
        let error = Mutex<ReplayError?>(nil)
    }
}

private struct HoldGeneration: Statement {
    let generation: Int32

    static let sql = "SELECT generation FROM hindcast.generation WHERE generation = $1 FOR UPDATE"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

private struct CountWaiting: Statement {
    static let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
