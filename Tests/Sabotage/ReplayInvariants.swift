import Catalog
import Diagnostics
import LogSupport
import Postgres
import Projections
import Replay
import Synchronization
import TestSupport
import Testing

/// The invariants of replay, with what keeps them and with it taken out.
@Suite(.database) struct ReplayInvariants {
    private static let template = """
        {"@context":"dtmi:dtdl:context;2","@id":"dtmi:test:pump;1","@type":"Interface","contents":[
        {"@type":"Telemetry","name":"n","schema":"integer"}]}
        """

    private var database: PostgresSettings { TestDatabase.current.settings.with(role: "hindcast_admin") }

    /// Thirty messages in three batches, judged live.
    private func prepare() throws {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        _ = try Templates.publish(Array(Self.template.utf8), actor: "ada", on: &connection)
        var log = try LogFixture()
        for batch in 0..<3 {
            try log.append((0..<10).map { .telemetry(device: "device-\($0 % 3)", "{\"n\":\($0 + batch)}", template: "dtmi:test:pump;1") })
        }
        try project()
    }

    private func project() throws {
        let postgres = TestDatabase.current.settings.with(role: "hindcast_project")
        var worker = try ProjectionWorker(
            name: "live/\(UInt64.random(in: 0 ... .max))", postgres: postgres, settings: ProjectionSettings(), logger: TestBroker.quiet)
        while try !worker.isCaughtUp() {
            worker.renewAtOnce()
            _ = try worker.step()
        }
        worker.end()
    }

    private func plan() throws -> ReplayRun {
        var request = ReplayRequest(.replay, template: .document(Array(Self.template.utf8)), actor: "ada")
        request.chunkEvents = 10
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        return try ReplayPlanner.plan(request, on: &connection).run
    }

    private func carryOut(_ run: ReplayRun, fence: ReplayFence = ReplayFence(), settings: ReplaySettings = ReplaySettings()) throws -> ReplayRun {
        var worker = try ReplayWorker(name: "worker", run: run.id, postgres: database, settings: settings, fence: fence, logger: TestBroker.quiet)
        var isEnded = false
        while !isEnded {
            switch try worker.step() {
            case .folded, .moved, .waiting: break
            case .catchingUp: try project()
            case .ended: isEnded = true
            }
        }
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        return try ReplayRuns.show(run.id, on: &connection)
    }

    /// Promotes a run; false where that is refused.
    private func promote(_ run: ReplayRun, _ fence: ReplayFence) throws -> Bool {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        let digest = try #require(run.summary).digest
        do throws(ReplayError) {
            try Promotions.promote(run.id, diff: digest, budget: nil, actor: "ada", fence: fence, on: &connection)
            return true
        } catch {
            return false
        }
    }

    private func messages(_ generation: Int32) throws -> Int64 {
        var connection = try TestDatabase.connect()
        return try connection.queryOne(CountJudged(generation: generation)) ?? 0
    }

    // MARK: - I6: a chunk counts once

    /// How many messages are counted after a worker has lost its chunk to another one and does not know it.
    private func countAfterTheft(_ fence: ReplayFence) throws -> Int64 {
        try prepare()
        let run = try plan()
        var settings = ReplaySettings()
        settings.lease = .zero
        let (database, isFirst) = (self.database, Switch())
        settings.alteration = { _, _ in
            guard isFirst.turn() else { return }
            do throws(ReplayError) {
                var thief = try ReplayWorker(name: "thief", run: run.id, postgres: database, logger: TestBroker.quiet)
                _ = try thief.step()
            } catch {
                fatalError("\(error)")
            }
        }
        return try messages(try carryOut(run, fence: fence, settings: settings).generation)
    }

    @Test func `the claim keeps a chunk from being taken in twice (I6)`() throws {
        #expect(try countAfterTheft(ReplayFence()) == 30)
    }

    @Test func `without it a chunk counts twice`() throws {
        var broken = ReplayFence()
        broken.comparesClaim = false
        #expect(try countAfterTheft(broken) == 40)
    }

    /// Whether a chunk is taken in of a run that was paused while it was folded.
    private func takesInWhilePaused(_ fence: ReplayFence) throws -> Bool {
        try prepare()
        let run = try plan()
        var settings = ReplaySettings()
        let (database, isFirst) = (self.database, Switch())
        settings.alteration = { _, _ in
            guard isFirst.turn() else { return }
            do {
                var connection = try Connection(database, logger: TestBroker.quiet)
                try ReplayRuns.pause(run.id, actor: "ada", on: &connection)
            } catch {
                fatalError("\(error)")
            }
        }
        _ = try carryOut(run, fence: fence, settings: settings)
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        return try ReplayProgress.read(run: run.id, on: &connection).chunksDone > 0
    }

    @Test func `the state keeps an interrupted run as it is (I6)`() throws {
        #expect(try !takesInWhilePaused(ReplayFence()))
    }

    @Test func `without it a worker goes on`() throws {
        var broken = ReplayFence()
        broken.comparesState = false
        #expect(try takesInWhilePaused(broken))
    }

    // MARK: - I5: built live is built by replay

    /// Whether a generation that was built by replay under the same epochs holds what the live one holds.
    private func isRebuilt(_ settings: ReplaySettings) throws -> Bool {
        try prepare()
        let run = try carryOut(try plan(), settings: settings)
        var connection = try TestDatabase.connect()
        let live = try ProjectionDigest.read(generation: run.base, on: &connection)
        return try ProjectionDigest.read(generation: run.generation, on: &connection) == live
    }

    @Test func `the live workers' fold gives the live generation again (I5)`() throws {
        #expect(try isRebuilt(ReplaySettings()))
    }

    @Test func `a rule that is no pure function does not`() throws {
        var settings = ReplaySettings()
        settings.alteration = { findings, offset in
            if offset == 7 { findings.append(Finding(rule: .ruleFailed, byteOffset: 0, expected: "the same moment", actual: "a later one")) }
        }
        #expect(try !isRebuilt(settings))
    }

    // MARK: - I7, I8: one live generation, and none that goes back

    /// What is wrong after a candidate was promoted that had not caught up.
    private func promoteTooEarly(_ fence: ReplayFence) throws -> Bool {
        try prepare()
        let run = try carryOut(try plan())
        var log = try LogFixture()
        try log.append([.telemetry(device: "late", "{\"n\":1}", template: "dtmi:test:pump;1")])
        var all = try TestDatabase.connect()
        // The candidate's worker is slow.
        try all.execute(script: "UPDATE hindcast.generation SET state = 'paused' WHERE generation = \(run.generation)")
        try project()
        try all.execute(script: "UPDATE hindcast.generation SET state = 'ready' WHERE generation = \(run.generation)")
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        let before = try messages(try Generations.live(on: &connection))
        let digest = try #require(run.summary).digest
        do throws(ReplayError) {
            try Promotions.promote(run.id, diff: digest, budget: nil, actor: "ada", fence: fence, on: &connection)
        } catch {
            guard error.code == .behind else { throw error }
        }
        return try messages(try Generations.live(on: &connection)) < before
    }

    @Test func `a candidate that is behind is not promoted (I8)`() throws {
        #expect(try !promoteTooEarly(ReplayFence()))
    }

    @Test func `without the comparison what readers see goes back`() throws {
        var broken = ReplayFence()
        broken.comparesProgress = false
        #expect(try promoteTooEarly(broken))
    }

    /// How many runs say that they are live, after two were promoted that had begun with the same generation.
    private func promoteTwo(_ fence: ReplayFence) throws -> Int {
        try prepare()
        let first = try carryOut(try plan())
        let second = try carryOut(try plan())
        for run in [first, second] { _ = try promote(run, fence) }
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        return try ReplayRuns.list(on: &connection).count { $0.state == .live }
    }

    @Test func `of two runs that began with one generation, one is promoted (I7)`() throws {
        #expect(try promoteTwo(ReplayFence()) == 1)
    }

    @Test func `without the comparison both believe to be live`() throws {
        var broken = ReplayFence()
        broken.comparesLive = false
        #expect(try promoteTwo(broken) == 2)
    }
}

private struct CountJudged: Statement {
    let generation: Int32

    static let sql = "SELECT coalesce(sum(messages), 0)::bigint FROM hindcast.device_verdict WHERE generation = $1"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

/// Says yes once.
private final class Switch: Sendable {
    private let isOn = Atomic<Bool>(true)

    func turn() -> Bool { isOn.exchange(false, ordering: .relaxed) }
}
