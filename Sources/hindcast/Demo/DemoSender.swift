import Kafka
import Logging
import Postgres
import Simulation
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
        try await OwnThread.run("simulator") { (stop: StopSignal) -> Int64 in
            let sender = try FleetSender(kafka, topic: topic, partitions: partitions, logger: database.logger)
            var connection = try database.connect(as: .admin)
            let tenant = plan.tenant
            // First what is said of exports: whoever looks at a device's silence has to know it.
            for notice in plan.exports.flatMap(\.notices) { try sender.send(notice) }
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
        _ = try await OwnThread.run("simulator") { (stop: StopSignal) -> Int64 in
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
}
