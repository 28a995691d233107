import Diagnostics
import Exports
import Postgres
import TestSupport
import Testing

/// Backfills of export `e` to `d` into a destination in memory.
struct BackfillStory {
    static let route = ExportRoute(tenant: "app", exportID: "e", destinationID: "d")

    let destination = KeptDestination()

    /// What an operator asks for.
    func job(_ stretch: BackfillRequest.Stretch, isAgain: Bool = false) throws -> BackfillJob {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        let request = BackfillRequest(stretch, target: .kafka(topic: "exported"), actor: "ada", isAgain: isAgain)
        return try BackfillJob.take(request, now: ExportStory.time(50_000), on: &connection)
    }

    func worker(
        _ job: BackfillJob, owner: String = "worker", takesOver: Bool = true, fence: BackfillFence = BackfillFence(),
        rest: @escaping (Duration) -> Void = { _ in }
    ) throws(any Error) -> BackfillWorker<KeptDelivery> {
        let pace = BackfillPace(rate: nil, now: { .zero }, rest: rest, isGoingOn: { true })
        let connection = try TestDatabase.connect(role: "hindcast_admin")
        return try BackfillWorker(
            job, owner: owner, takesOver: takesOver, delivery: destination.delivery(), pace: pace, fence: fence, connection: connection)
    }

    /// Sends everything.
    func send(_ stretch: BackfillRequest.Stretch, isAgain: Bool = false) throws {
        var worker = try worker(try job(stretch, isAgain: isAgain))
        while try worker.step() != .finished {}
    }

    /// Compares what the destination has of a stretch of the story with the log, and keeps the outcome.
    @discardableResult
    func reconcile(_ seconds: Range<Int64>, memory: Int64 = 1 << 30) throws -> Reconciliation {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        var settings = ReconciliationSettings()
        settings.memory = memory
        let reconciler = try Reconciler(route: Self.route, settings: settings, on: &connection)
        var reading = destination.reading
        let times = ExportStory.time(seconds.lowerBound)..<ExportStory.time(seconds.upperBound)
        return try reconciler.run(times, destination: &reading, actor: "ada", on: &connection)
    }

    /// How many events of each gap were counted as given back.
    static func givenBack() throws -> [String: Int64] {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        return Dictionary(uniqueKeysWithValues: try connection.query(SelectGivenBack()).map { ($0.gap, $0.events) })
    }
}

private struct SelectGivenBack: Statement {
    struct Row: Sendable {
        let gap: String
        let events: Int64
    }

    static let sql = "SELECT gap_id, backfilled_events FROM diagnostics.export_gaps"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row { Row(gap: try row.string(0), events: try row.int64(1)) }
}
