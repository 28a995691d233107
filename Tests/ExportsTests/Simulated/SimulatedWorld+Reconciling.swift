import Diagnostics
import ExportSimulation
import Exports
import Kafka
import Postgres
import TestSupport
import Testing

extension SimulatedWorld {
    /// Compares every destination that can be read with the log, and holds what the comparison counts to what was planted.
    func reconcile() throws {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        let scale = exported.day.scale
        for (number, route) in exported.plan.routes.enumerated() where route.isReadable && !route.isBound {
            let topic = "\(route.exportID)-\(route.destinationID)"
            try broker.embedded?.createTopic(topic, partitions: Int(ExportedDay.partitions))
            try produce(exported.records(of: number, topic: topic))
            let reconciler = try Reconciler(route: route.route, on: &connection)
            var destination = try DestinationTopic(topic: topic, since: nil, settings: broker.settings, logger: TestBroker.quiet)
            let found = try reconciler.run(scale.start..<scale.end, destination: &destination, actor: "ada", on: &connection)
            destination.close()
            let lost = exported.planted.filter { $0.route.route == route.route }
            let missing = lost.filter { $0.incident.kind != .malformed }.reduce(0) { $0 + $1.messages.count }
            let deliveries = exported.deliveries[number]
            let delivered = Set(deliveries.map(\.message))
            #expect(found.missing == missing, "\(route.route)")
            #expect(found.delivered == delivered.count, "\(route.route)")
            #expect(found.repeated == deliveries.count - delivered.count, "\(route.route)")
            #expect(found.unexpected == 0, "\(route.route)")
            #expect(found.malformed == lost.filter { $0.incident.kind == .malformed }.reduce(0) { $0 + $1.messages.count }, "\(route.route)")
        }
    }
}
