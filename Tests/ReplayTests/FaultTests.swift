import Catalog
import Diagnostics
import EventLog
import Hashing
import LogSupport
import Postgres
import Projections
import Replay
import Synchronization
import TestSupport
import Testing

/// A run whose workers die, wake up late, meet, or are interrupted says the same as one that nobody disturbed, and leaves nothing behind.
@Suite(.database) struct FaultTests {
    private static let tried = ReplayRequest.Template.version(templateID: pumpID, reference: "2")

    private func prepare() throws {
        try publish(pumpTemplate())
        try publish(pumpTemplate(name: "Temperature"))
        var fleet = SampleFleet(seed: 11)
        var log = try LogFixture()
        try log.append(fleet.records(240), by: 20)
        try project()
    }

    /// The summary and the tables of a run that nobody disturbs.
    private func undisturbed() throws -> (summary: ReplayRun.Summary, digest: ProjectionDigest) {
        let run = try carryOut(try plan(Self.tried).run.id)
        return (try #require(run.summary), try digest(run.generation))
    }

    /// Works until the worker dies.
    private func work(_ run: Int32, name: String, fence: ReplayFence) throws {
        var settings = ReplaySettings()
        // Whoever dies holds its chunk no longer than the test wants.
        settings.lease = .zero
        var worker = try replayWorker(run, name: name, fence: fence, settings: settings)
        var isAtWork = true
        while isAtWork { isAtWork = try goOn(&worker) }
    }

    /// False once there is nothing more to do, or the worker has died.
    private func goOn(_ worker: inout ReplayWorker) throws(ReplayError) -> Bool {
        do throws(ReplayError) {
            switch try worker.step() {
            case .folded, .moved: return true
            case .catchingUp, .waiting, .ended: return false
            }
        } catch {
            if error.code == .died { return false }
            throw error
        }
    }

    @Test(arguments: ReplayMoment.allCases)
    func `a worker that dies is replaced, and the digest is that of an undisturbed run`(_ moment: ReplayMoment) throws {
        try prepare()
        let expected = try undisturbed()
        let planned = try plan(Self.tried)
        var fence = ReplayFence()
        fence.diesAt = moment
        // Each dies at its first chance, so that the same moment is met at every chunk.
        for attempt in 0..<3 { try work(planned.run.id, name: "mortal-\(attempt)", fence: fence) }
        let run = try carryOut(planned.run.id)
        #expect(run.summary == expected.summary)
        #expect(differences(try digest(run.generation), expected.digest) == [])
    }

    @Test func `who waits for the chunk of a worker that died is told whose it is, and until when`() throws {
        try prepare()
        let id = try plan(Self.tried).run.id
        var connection = try admin()
        var fence = ReplayFence()
        fence.diesAt = .claimed
        var mortal = try replayWorker(id, name: "mortal/0", fence: fence)
        #expect(try mortal.step() == .moved(to: .loading))
        #expect(try goOn(&mortal) == false)
        #expect(try ReplayHold.read(run: id, besides: "other", on: &connection) == nil, "there are chunks that nobody holds")
        var other = try replayWorker(id, name: "other/0")
        var turn = ReplayWorker.Turn.moved(to: .loading)
        while turn != .waiting { turn = try other.step() }
        let hold = try #require(try ReplayHold.read(run: id, besides: "other", on: &connection))
        #expect(hold.owner == "mortal/0")
        let left = try #require(try connection.queryOne(SelectSecondsUntil(time: hold.until)))
        #expect(left > 0 && left <= 60, "\(left)")
        #expect(try ReplayHold.read(run: id, besides: "mortal", on: &connection) == nil, "its own workers are at it")
    }

    @Test func `a chunk that is claimed twice counts once`() throws {
        try prepare()
        let expected = try undisturbed()
        let planned = try plan(Self.tried)
        let id = planned.run.id
        var hasty = ReplaySettings()
        hasty.lease = .zero
        let database = TestDatabase.current.settings.with(role: "hindcast_admin")
        let isFirst = Switch()
        // While the first worker folds its chunk, another one takes over the same and finishes it.
        hasty.alteration = { _, _ in
            guard isFirst.turn() else { return }
            do throws(ReplayError) {
                var thief = try ReplayWorker(name: "thief", run: id, postgres: database, logger: quiet)
                _ = try thief.step()
            } catch {
                fatalError("\(error)")
            }
        }
        let run = try carryOutSharing(id, settings: hasty)
        #expect(run.summary == expected.summary)
        #expect(differences(try digest(run.generation), expected.digest) == [])
    }

    /// As `carryOut`, for a worker that may lose a chunk to another one.
    private func carryOutSharing(_ id: Int32, settings: ReplaySettings) throws -> ReplayRun {
        var worker = try replayWorker(id, settings: settings)
        while true {
            switch try worker.step() {
            case .folded, .moved, .waiting: continue
            case .catchingUp: try project()
            case .ended:
                var connection = try admin()
                return try ReplayRuns.show(id, on: &connection)
            }
        }
    }

    @Test func `a run that is aborted while a chunk is folded leaves nothing behind`() throws {
        try prepare()
        let planned = try plan(Self.tried)
        let id = planned.run.id
        var settings = ReplaySettings()
        let database = TestDatabase.current.settings.with(role: "hindcast_admin")
        let isFirst = Switch()
        settings.alteration = { _, _ in
            guard isFirst.turn() else { return }
            do {
                var connection = try Connection(database, logger: quiet)
                try ReplayRuns.abort(id, actor: "ada", on: &connection)
            } catch {
                fatalError("\(error)")
            }
        }
        var worker = try replayWorker(id, settings: settings)
        #expect(try worker.step() == .moved(to: .loading))
        #expect(try worker.step() == .waiting, "its chunk is not taken in any more")
        #expect(try worker.step() == .ended(in: .aborted))
        #expect(try leftovers(of: planned.run) == [])
    }

    @Test func `a paused run goes on where it was`() throws {
        try prepare()
        let expected = try undisturbed()
        let planned = try plan(Self.tried)
        var worker = try replayWorker(planned.run.id)
        _ = try worker.step()
        _ = try worker.step()
        var connection = try admin()
        try ReplayRuns.pause(planned.run.id, actor: "ada", on: &connection)
        #expect(try worker.step() == .ended(in: .paused))
        let done = try ReplayProgress.read(run: planned.run.id, on: &connection).chunksDone
        #expect(done == 1)
        try ReplayRuns.resume(planned.run.id, actor: "ada", on: &connection)
        #expect(try carryOut(planned.run.id).summary == expected.summary)
    }

    @Test func `live workers leave a generation alone that is being built, or is paused`() throws {
        try prepare()
        let expected = try undisturbed()
        let planned = try plan(Self.tried)
        var log = try LogFixture()
        try log.append([.telemetry(device: "late", #"{"label":1}"#, template: pumpID)])
        try project()
        var connection = try TestDatabase.connect()
        #expect(try connection.queryOne(SelectLowestOffset(generation: planned.run.generation)) == 0)
        #expect(try connection.queryOne(CountFailures()) == 0)
        let run = try carryOut(planned.run.id)
        #expect(run.summary?.digest == expected.summary.digest, "the cut is where it was planned")
    }

    @Test func `what is decided and what comes in while a run is on is in the candidate as in the live generation`() throws {
        try prepare()
        let planned = try plan(.document(pumpTemplate()))
        var worker = try replayWorker(planned.run.id)
        _ = try worker.step()
        _ = try worker.step()
        try publish(pumpTemplate("string"))
        try publish(pumpTemplate(name: "x", id: "dtmi:test:unheard;1"))
        try project()
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 3)
        try log.append(fleet.records(60), by: 20)
        let run = try carryOut(planned.run.id)
        #expect(differences(try digest(run.generation), try digest(run.base)) == [])
    }

    @Test func `a second promotion is refused, and one that is behind`() throws {
        try prepare()
        let run = try carryOut(try plan(Self.tried).run.id)
        let other = try carryOut(try plan(.document(pumpTemplate("string"))).run.id)
        let summary = try #require(run.summary)
        var connection = try admin()
        try connection.execute(script: "UPDATE hindcast.projection_checkpoint SET next_offset = next_offset - 1 WHERE generation = \(run.generation)")
        let refused1 = try refusal {
            try Promotions.promote(run.id, diff: summary.digest, budget: nil, actor: "ada", on: &connection)
        }
        #expect(refused1?.code == .behind)
        try connection.execute(script: "UPDATE hindcast.projection_checkpoint SET next_offset = next_offset + 1 WHERE generation = \(run.generation)")
        try Promotions.promote(run.id, diff: summary.digest, budget: nil, actor: "ada", on: &connection)
        let refused2 = try refusal {
            try Promotions.promote(run.id, diff: summary.digest, budget: nil, actor: "ada", on: &connection)
        }
        #expect(refused2?.code == .stateWrong)
        let late = try #require(other.summary).digest
        let refused3 = try refusal {
            try Promotions.promote(other.id, diff: late, budget: nil, actor: "ada", on: &connection)
        }
        #expect(refused3?.code == .liveMoved)
    }

    @Test func `building the live generation again finds an impure rule`() throws {
        try prepare()
        let pure = try carryOut(try plan(.asLive, purpose: .verify, chunkEvents: 60).run.id)
        var connection = try admin()
        let verified = try Verification.read(pure, on: &connection)
        #expect(verified.first == nil && verified.reservations.isEmpty, "\(verified)")
        try ReplayRuns.abort(pure.id, actor: "ada", on: &connection)
        #expect(try leftovers(of: pure) == [])
        // A rule that asks a clock, or chance, says another thing when it is asked again.
        var settings = ReplaySettings()
        settings.alteration = { findings, offset in
            if offset == 100 { findings.append(Finding(rule: .ruleFailed, byteOffset: 0, expected: "another moment", actual: "this one")) }
        }
        let impure = try carryOut(try plan(.asLive, purpose: .verify, chunkEvents: 60).run.id, settings: settings)
        let difference = try #require(try Verification.read(impure, on: &connection).first)
        #expect(!difference.deviceID.isEmpty || difference.table == "finding_hour", "\(difference)")
    }
}

private struct SelectLowestOffset: Statement {
    let generation: Int32

    static let sql = "SELECT min(next_offset) FROM hindcast.projection_checkpoint WHERE generation = $1"

    func bind(to parameters: inout Parameters) { parameters.append(generation) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct CountFailures: Statement {
    static let sql = "SELECT count(*) FROM hindcast.projection_checkpoint WHERE failure IS NOT NULL"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

/// Says yes once.
private final class Switch: Sendable {
    private let isOn = Atomic<Bool>(true)

    func turn() -> Bool { isOn.exchange(false, ordering: .relaxed) }
}

private struct SelectSecondsUntil: Statement {
    let time: Timestamp

    static let sql = "SELECT extract(epoch FROM $1::timestamptz - clock_timestamp())::float8"

    func bind(to parameters: inout Parameters) { parameters.append(PostgresTimestamp(time)) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Double { try row.double(0) }
}
