package import Diagnostics
package import Kafka
import Simulation

/// A day of the simulated export service: what every destination got, what the service said, and what was lost.
package struct ExportedDay: Sendable {
    /// One message on its way into a destination.
    package struct Delivery: Sendable {
        /// Its place in the day's list.
        package let message: Int
        /// When the destination has it.
        package let time: Timestamp
        /// The destination's partition: nothing is in order across partitions.
        package let partition: Int32
    }

    /// How many partitions a destination's topic has.
    package static let partitions: Int32 = 4
    /// What the exports read.
    package let day: UpstreamDay
    /// The exports and their incidents.
    package let plan: ExportPlan
    /// What each route's destination got, in the order of the routes, each by time.
    package private(set) var deliveries: [[Delivery]] = []
    /// What the service said, by time.
    package private(set) var notices: [ServiceNotice] = []
    /// What was lost, per incident and route.
    package private(set) var planted: [PlantedGap] = []
    private var numbers: SeededNumbers

    /// Runs the day.
    package init(_ scale: DayScale) {
        plan = ExportPlan(scale)
        day = UpstreamDay(scale, malformedBursts: plan.incidents.filter { $0.kind == .malformed }.map(\.window.lowerBound))
        numbers = SeededNumbers(seed: scale.seed, 0xD)
        for route in plan.routes.indices { run(route) }
        notices.sort { ($0.time, $0.tenant, $0.type, $0.data) < ($1.time, $1.tenant, $1.type, $1.data) }
    }

    /// The records of a route's destination.
    package func records(of route: Int, topic: String) -> some Sequence<ProducerRecord> {
        let tenant = plan.routes[route].tenant
        return deliveries[route].lazy.map { [day] delivery in
            let message = day.messages[delivery.message]
            return ProducerRecord(
                topic: topic, partition: delivery.partition, key: Array(message.device.id.utf8),
                value: Array(ExportedMessage.text(of: message, applicationID: tenant).utf8), headers: [],
                timestamp: delivery.time.microseconds / 1000)
        }
    }

    // MARK: -

    private mutating func run(_ number: Int) {
        let route = plan.routes[number]
        let incidents = plan.incidents.indices.filter { plan.incidents[$0].routes.contains(number) }
        let kinds = { [plan] (wanted: Set<Incident.Kind>) in incidents.filter { wanted.contains(plan.incidents[$0].kind) } }
        let offs = kinds([.notCreated, .disabled, .stillDisabled, .removed, .stillRemoved, .boundDisabled])
        let losses = kinds([.lost, .boundSilent])
        var faults = kinds([.destinationFailed, .stillFailed, .permissionMissing, .throttled, .boundFailed]).map { incident in
            (window: plan.incidents[incident].window, code: plan.incidents[incident].kind.code, incident: Optional(incident))
        }
        faults += plan.shortOutages.filter { $0.route == number }.map { (window: $0.window, code: "ServerBusy", incident: nil) }
        faults.sort { $0.window.lowerBound < $1.window.lowerBound }
        var state = RouteState(faults: faults)
        var fates = [RouteState.Fate](repeating: .unconcerned, count: day.messages.count)
        for (place, message) in day.messages.enumerated() {
            state.advance(to: message.time)
            // A filter on values cannot spare what has none: the service keeps it all the same.
            if message.isMalformed, message.source == route.source {
                let burst = incidents.first { plan.incidents[$0].kind == .malformed && plan.incidents[$0].window.contains(message.time) }
                fates[place] = burst.map { .lost($0) } ?? .unconcerned
                continue
            }
            guard !message.isMalformed, route.concerns(message) else { continue }
            let isIn = { [plan] (candidates: [Int]) in candidates.first { plan.incidents[$0].window.contains(message.time) } }
            if let off = isIn(offs) ?? isIn(losses) {
                fates[place] = .lost(off)
            } else {
                fates[place] = state.take(place, at: message.time, latency: Int64.random(in: 200...58_000, using: &numbers))
            }
        }
        state.advance(to: day.scale.end)
        for (place, fate) in state.settled { fates[place] = fate }
        deliver(fates)
        say(state, incidents, route)
        if !route.isBound { receipts(fates, route) }
        plant(fates, incidents, route)
    }

    /// Delivers what is not lost; one in a hundred twice.
    private mutating func deliver(_ fates: [RouteState.Fate]) {
        var delivered: [Delivery] = []
        for (place, fate) in fates.enumerated() {
            guard case .delivered(let time) = fate else { continue }
            for copy in 0..<(Int.random(in: 0..<100, using: &numbers) == 0 ? 2 : 1) {
                let partition = Int32.random(in: 0..<Self.partitions, using: &numbers)
                delivered.append(Delivery(message: place, time: time.after(milliseconds: Int64(copy) * 700), partition: partition))
            }
        }
        delivered.sort { ($0.time, $0.message) < ($1.time, $1.message) }
        deliveries.append(delivered)
    }

    private mutating func plant(_ fates: [RouteState.Fate], _ incidents: [Int], _ route: SimulatedRoute) {
        for incident in incidents {
            let messages = fates.indices.filter { fates[$0] == .lost(incident) }
            let window = plan.incidents[incident].window
            let last = min(window.upperBound, day.scale.end)
            var span = window.lowerBound...last
            if let first = messages.first, let last = messages.last { span = day.messages[first].time...day.messages[last].time }
            planted.append(PlantedGap(incident: plan.incidents[incident], route: route, messages: messages, span: span))
        }
    }
}

// MARK: - What the service says

extension ExportedDay {
    private mutating func say(_ state: RouteState, _ incidents: [Int], _ route: SimulatedRoute) {
        let (export, destination) = (route.exportID, route.destinationID)
        for (time, type, code, since) in state.said {
            var data = "{\"export\":\"\(export)\",\"destination\":\"\(destination)\""
            if let since { data += ",\"since\":\"\(since.rfc3339)\"" }
            if type != "destination-recovered", type != "destination-probed" {
                data += ",\"code\":\"\(code)\",\"message\":\"The destination refused.\""
            }
            add(type, data + "}", at: time, route)
        }
        for incident in incidents.map({ plan.incidents[$0] }) {
            // An act on the whole export is said once, by its first route.
            guard plan.routes.first(where: { $0.exportID == export })?.destinationID == destination else { continue }
            let (start, end) = (incident.window.lowerBound, incident.window.upperBound)
            let stays = end >= day.scale.end
            switch incident.kind {
            case .disabled, .stillDisabled, .boundDisabled, .flagOnly:
                add("toggled", "{\"export\":\"\(export)\",\"enabled\":false}", at: start, route)
                if !stays { add("toggled", "{\"export\":\"\(export)\",\"enabled\":true}", at: end, route) }
            case .removed:
                add("destination-removed", "{\"destination\":\"\(destination)\"}", at: start, route)
                if !stays { add("destination-defined", "{\"destination\":\(plan.destination(route))}", at: end, route) }
            case .stillRemoved: add("removed", "{\"export\":\"\(export)\"}", at: start, route)
            case .notCreated: add("defined", "{\"export\":\(plan.export(export))}", at: end, route)
            case .destinationFailed, .stillFailed, .permissionMissing, .throttled, .malformed, .lost, .boundFailed, .boundSilent: break
            }
        }
    }

    /// A receipt per partition and ten minutes, and before and after whatever was lost: from behind the one before to the last message that was dealt with.
    private mutating func receipts(_ fates: [RouteState.Fate], _ route: SimulatedRoute) {
        for partition in 0..<UpstreamDay.partitions {
            var run: (first: Int64, last: Int64, events: Int64, sent: Timestamp, bucket: Int64)?
            for (place, message) in day.messages.enumerated() where message.partition == partition {
                let bucket = message.time.microseconds / 600_000_000
                if let open = run, open.events > 0, open.bucket != bucket {
                    close(open, partition, route)
                    run = (open.last + 1, open.last, 0, message.time, bucket)
                }
                switch fates[place] {
                case .delivered(let time):
                    var open = run ?? (message.offset, message.offset, 0, time, bucket)
                    open = (open.first, message.offset, open.events + 1, max(open.sent, time), bucket)
                    run = open
                case .lost where !message.isMalformed:
                    if let open = run, open.events > 0 { close(open, partition, route) }
                    run = nil
                case .lost, .unconcerned, .waiting: run?.last = message.offset
                }
            }
            if let open = run, open.events > 0 { close(open, partition, route) }
        }
    }

    private mutating func close(
        _ run: (first: Int64, last: Int64, events: Int64, sent: Timestamp, bucket: Int64), _ partition: Int32, _ route: SimulatedRoute
    ) {
        let data = """
            {"export":"\(route.exportID)","destination":"\(route.destinationID)","topic":"\(Self.upstreamTopic)","partition":\(partition),\
            "first":\(run.first),"last":\(run.last),"events":\(run.events)}
            """
        notices.append(ServiceNotice(evidence: .receipts, tenant: route.tenant, time: run.sent, type: "delivered", data: data))
    }

    /// The name of the topic that receipts name: the log's.
    package static let upstreamTopic = "north-devices"

    private mutating func add(_ type: String, _ data: String, at time: Timestamp, _ route: SimulatedRoute) {
        notices.append(ServiceNotice(evidence: .timeline, tenant: route.tenant, time: time, type: type, data: data))
    }
}
