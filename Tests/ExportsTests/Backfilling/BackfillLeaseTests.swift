import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import TestSupport
import Testing

/// A target that takes long: whoever waits for it is heard of.
@Suite(.database) struct BackfillLeaseTests {
    /// The time as a worker is told it.
    private final class ToldTime {
        var now = Duration.zero
    }

    /// Takes twenty seconds for each message, and asks after each whether to go on.
    private struct SlowDelivery: BackfillDelivery {
        let chunkLimit = 5
        let time: ToldTime
        let afterMessage: (Int) -> Void

        mutating func deliver(_ chunk: borrowing BackfillChunk, isGoingOn: () -> Bool) throws(ExportJobError) {
            for index in chunk.messages.indices {
                time.now += .seconds(20)
                afterMessage(index)
                guard isGoingOn() else { throw ExportJobError(.interrupted, "asked to stop") }
            }
        }
    }

    private func prepare() throws -> BackfillJob {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append((1...5).map { ExportStory.telemetry("d\($0)", at: Int64($0)) })
        try ExportStory.project()
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        let route = ExportRoute(tenant: "app", exportID: "e", destinationID: "d")
        let request = BackfillRequest(.times(route, ExportStory.time(0)..<ExportStory.time(100)), target: .kafka(topic: "t"), actor: "ada")
        return try BackfillJob.take(request, now: ExportStory.time(5000), on: &connection)
    }

    private func worker(_ job: BackfillJob, takesOver: Bool = false, afterMessage: @escaping (Int) -> Void) throws -> BackfillWorker<SlowDelivery> {
        let time = ToldTime()
        let pace = BackfillPace(rate: nil, now: { time.now }, rest: { _ in }, isGoingOn: { true })
        let connection = try TestDatabase.connect(role: "hindcast_admin")
        return try BackfillWorker(
            job, owner: "test", takesOver: takesOver, delivery: SlowDelivery(time: time, afterMessage: afterMessage), pace: pace,
            connection: connection)
    }

    @Test func `a lease is made longer while a chunk is delivered`() throws {
        let job = try prepare()
        var leases: [Timestamp] = []
        var worker = try worker(job) { _ in
            do {
                var connection = try TestDatabase.connect(role: "hindcast_admin")
                leases += try connection.query(SelectLease())
            } catch {
                Issue.record(error)
            }
        }
        while try worker.step() != .finished {}
        #expect(leases.count == 5)
        #expect(zip(leases, leases.dropFirst()).allSatisfy { $0 < $1 }, "\(leases)")
    }

    @Test func `whoever was put aside while a target took long sends no more, and says so`() throws {
        let job = try prepare()
        var sent: [Int] = []
        var slow = try worker(job) { index in
            sent.append(index)
            guard index == 1 else { return }
            do {
                _ = try worker(job, takesOver: true) { _ in }
            } catch {
                Issue.record(error)
            }
        }
        do throws(ExportJobError) {
            let turn = try slow.step()
            Issue.record("it was not fenced, but \(turn)")
        } catch {
            #expect(error.code == .fenced, "\(error)")
        }
        #expect(sent == [0, 1])
    }
}

private struct SelectLease: Statement {
    static let sql = "SELECT lease_until FROM hindcast.export_backfill"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Timestamp { Timestamp(try row.timestamp(0)) }
}
