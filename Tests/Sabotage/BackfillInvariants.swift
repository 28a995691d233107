import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// The invariant of backfills, with the comparison of the owner's epoch and with it taken out.
@Suite(.database) struct BackfillInvariants {
    private static let missing: Int64 = 50
    private static let now = Timestamp(microseconds: Timestamp.sample.microseconds + 50_000_000_000)

    /// An export of which everything is missing, and the job of giving it back.
    private func missSomething() throws -> BackfillJob {
        var admin = try TestDatabase.connect(role: "hindcast_admin")
        let exports = """
            {"exports": [{"id": "e", "enabled": true, "source": "telemetry", "destinations": [{"id": "d"}]}],
             "destinations": [{"id": "d", "type": "kafka@v1", "topic": "exported"}]}
            """
        let file = try ExportFile.read(Array(exports.utf8), name: "exports.json")
        let before = Timestamp(microseconds: Timestamp.sample.microseconds - 1_000_000)
        _ = try ExportStore.import(file, tenant: "app", at: before, actor: "ada", on: &admin)
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append((0..<Self.missing).map { .telemetry(device: "device-\($0 % 3)", "{\"n\":\($0)}") })
        let postgres = TestDatabase.current.settings.with(role: "hindcast_project")
        var projection = try ProjectionWorker(name: "live", postgres: postgres, settings: ProjectionSettings(), logger: TestBroker.quiet)
        while try !projection.isCaughtUp() { _ = try projection.step() }
        projection.end()
        let route = ExportRoute(tenant: "app", exportID: "e", destinationID: "d")
        let request = BackfillRequest(.times(route, before..<Self.now), target: .kafka(topic: "exported"), actor: "ada")
        return try BackfillJob.take(request, now: Self.now, on: &admin)
    }

    private func worker(_ job: BackfillJob, _ fence: BackfillFence) throws -> BackfillWorker<Discarding> {
        let pace = BackfillPace(rate: nil, now: { .zero }, rest: { _ in }, isGoingOn: { true })
        let connection = try TestDatabase.connect(role: "hindcast_admin")
        return try BackfillWorker(
            job, owner: "worker", takesOver: true, delivery: Discarding(), pace: pace, fence: fence, connection: connection)
    }

    /// What is wrong after a worker that was taken over, and does not know it, has gone on with its next chunk.
    private func wakeZombie(_ fence: BackfillFence) throws -> [String] {
        let job = try missSomething()
        var zombie = try worker(job, fence)
        _ = try zombie.step()
        var owner = try worker(job, fence)
        for _ in 0..<2 { _ = try owner.step() }
        var admin = try TestDatabase.connect()
        let before = try #require(try admin.queryOne(SelectCounted()))
        do throws(ExportJobError) {
            _ = try zombie.step()
        } catch {
            guard error.code == .fenced else { throw error }
        }
        var problems: [String] = []
        let between = try #require(try admin.queryOne(SelectCounted()))
        if between.next < before.next { problems.append("the mark went back") }
        while try owner.step() != .finished {}
        let after = try #require(try admin.queryOne(SelectCounted()))
        if after.sent != Self.missing { problems.append("\(after.sent) events are counted, \(Self.missing) were missing") }
        return problems
    }

    @Test func `the epoch keeps a worker out that was taken over (I6)`() throws { #expect(try wakeZombie(BackfillFence()) == []) }

    @Test func `without it a chunk counts twice and the mark goes back`() throws {
        var broken = BackfillFence()
        broken.comparesOwner = false
        #expect(try wakeZombie(broken) == ["the mark went back", "60 events are counted, 50 were missing"])
    }
}

/// Whatever is sent here is gone: what counts is what is counted.
private struct Discarding: BackfillDelivery {
    let chunkLimit = 10

    mutating func deliver(_ chunk: borrowing BackfillChunk, isGoingOn: () -> Bool) {}
}

private struct SelectCounted: Statement {
    struct Row: Sendable {
        let sent: Int64
        let next: Int64
    }

    static let sql = """
        SELECT b.sent, s.next_offset FROM hindcast.export_backfill b JOIN hindcast.export_backfill_source s USING (backfill_id)
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row { Row(sent: try row.int64(0), next: try row.int64(1)) }
}
