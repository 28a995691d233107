import Diagnostics
import Exports
import Kafka
import Logging
import Postgres
import Threading

/// Sends one backfill to its end, and says how far it has come.
struct BackfillRun: Sendable {
    /// What came of it.
    struct Sent: Sendable {
        let number: Int64
        let events: Int64
        let target: String
        let wasFinished: Bool

        /// For people.
        var text: String {
            wasFinished
                ? "backfill \(number) sent \(events) events into \(target) before; --again sends them once more under the same ids"
                : "backfill \(number): \(events) events sent into \(target)"
        }
    }

    let request: BackfillRequest
    let database: Database
    /// The cluster, for a target that is a topic.
    let kafka: KafkaSettings?
    let rate: Double?
    let logger: Logger

    /// Blocks until everything is sent.
    ///
    /// - Throws: ``ExportJobError``; what was counted stays so.
    func carryOut(until stop: StopSignal) throws -> Sent {
        var connection = try database.connect(as: .admin)
        let job = try BackfillJob.take(request, now: Clock.now, on: &connection)
        if job.isFinished { return Sent(number: job.number, events: job.sentBefore, target: request.target.text, wasFinished: true) }
        let route = job.plan.route
        switch request.target {
        case .kafka(let topic):
            guard let kafka else { preconditionFailure("Cannot send into a topic without a cluster") }
            return try send(job, KafkaDelivery(topic: topic, exportID: route.exportID, settings: kafka, logger: logger), connection, stop)
        case .file(let directory, let isCompressed):
            let delivery = FileDelivery(
                directory: directory, application: route.tenant, isCompressed: isCompressed, name: "backfill-\(job.number)")
            return try send(job, delivery, connection, stop)
        case .webhook(let url):
            let delivery = try WebhookDelivery(
                url: url, target: request.target.text, exportID: route.exportID, rest: { _ = stop.wait(for: $0) })
            return try send(job, delivery, connection, stop)
        }
    }

    private func send<Delivery: BackfillDelivery & ~Copyable>(
        _ job: BackfillJob, _ delivery: consuming Delivery, _ connection: consuming Connection, _ stop: StopSignal
    ) throws -> Sent {
        let start = ContinuousClock.now
        let pace = BackfillPace(
            rate: rate, now: { .now - start }, rest: { _ = stop.wait(for: $0) }, isGoingOn: { !stop.isRequested })
        var worker = try BackfillWorker(
            job, owner: Actor.name, takesOver: request.takesOver, delivery: delivery, pace: pace, connection: connection)
        let total = worker.job.sources.reduce(0) { $0 + $1.end }
        var progress = BackfillProgress(number: job.number, total: total, start: start, logger: logger)
        var events = job.sentBefore
        defer { progress.end() }
        do {
            while true {
                switch try worker.step() {
                case .finished: return Sent(number: job.number, events: events, target: request.target.text, wasFinished: false)
                case .sent(let count, _):
                    events += Int64(count)
                    progress.show(events: events, remaining: worker.remaining)
                }
            }
        } catch {
            // Whoever goes on need not wait for the lease then.
            try? worker.release()
            throw error
        }
    }
}
