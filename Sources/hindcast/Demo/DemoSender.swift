import Kafka
import Logging
import Postgres
import Simulation
import Synchronization
import Threading

/// Runs the simulator on a thread of its own.
struct DemoSender: Sendable {
    let kafka: KafkaSettings
    let topic: String
    let partitions: Int32
    let plan: FleetPlan
    let database: Database

    /// Sends the plan's history, held back by what the log has not taken in yet. Returns how many records were sent.
    func sendHistory() async throws -> Int64 {
        try await onThread { stop in
            let sender = try FleetSender(kafka, topic: topic, partitions: partitions, logger: database.logger)
            var connection = try database.connect(as: .admin)
            let tenant = plan.tenant
            var failure: PostgresError?
            try sender.send(
                FleetHistory(plan),
                lag: { sent in
                    do throws(PostgresError) {
                        return sent - (try connection.queryOne(SelectIngested(tenant: tenant)) ?? 0)
                    } catch {
                        failure = error
                        return 0
                    }
                }, isStopped: { failure != nil || stop.isRequested })
            if let failure { throw failure }
            try sender.close()
            return sender.sent
        }
    }

    /// Goes on sending, so many messages a second, until the task is cancelled.
    func sendOn(rate: Int) async throws {
        _ = try await onThread { stop in
            let sender = try FleetSender(kafka, topic: topic, partitions: partitions, logger: database.logger)
            var stream = FleetStream(plan)
            let begun = ContinuousClock.now
            while !stop.isRequested {
                let due = Int64(begun.duration(to: .now) / .milliseconds(1)) * Int64(rate) / 1000
                while sender.sent < due, !stop.isRequested {
                    guard let message = stream.next(now: Clock.now) else { return 0 }
                    try sender.send(message)
                }
                sender.wait(.milliseconds(20))
            }
            try sender.close()
            return sender.sent
        }
    }

    // MARK: -

    private func onThread(_ work: @escaping @Sendable (StopSignal) throws -> Int64) async throws -> Int64 {
        let box = OutcomeBox()
        let stopper = StopSignal()
        let loop = ThreadLoop(name: "simulator") { _ in
            let result = Result { try work(stopper) }
            box.outcome.withLock { $0 = result }
        }
        loop.start()
        await withTaskCancellationHandler {
            // Not cancelled with the caller: the thread ends in order first.
            _ = await Task { await loop.join() }.value
        } onCancel: {
            stopper.request()
        }
        return try box.outcome.withLock { $0 }.get()
    }
}

/// Carries a thread's outcome back.
private final class OutcomeBox: Sendable {
    let outcome = Mutex<Result<Int64, any Error>>(.success(0))
}
