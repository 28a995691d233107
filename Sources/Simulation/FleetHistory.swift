package import Diagnostics

/// The messages of a plan's history, round by round, so that devices interleave and each one's messages keep their order. Made one at a time.
package struct FleetHistory: Sequence, IteratorProtocol, Sendable {
    private let plan: FleetPlan
    private let builder: MessageBuilder
    private var round = 0
    private var device = 0

    /// Starts at the first message.
    package init(_ plan: FleetPlan) {
        self.plan = plan
        builder = MessageBuilder(plan)
    }

    /// The next message; nil at the end.
    package mutating func next() -> FleetMessage? {
        while round < FleetPlan.rounds {
            while device < plan.devices.count {
                let planned = plan.devices[device]
                device += 1
                guard let kind = planned.kind(inRound: round) else { continue }
                return builder.message(kind, of: planned, at: planned.time(ofRound: round), number: round)
            }
            round += 1
            device = 0
        }
        return nil
    }
}

/// What a fleet goes on sending after its history: one message after the other without end, every device with its trouble.
package struct FleetStream: Sendable {
    private let devices: [PlannedDevice]
    private let builder: MessageBuilder
    private var sent = 0

    /// Starts behind the history.
    package init(_ plan: FleetPlan) {
        devices = plan.devices.filter { $0.trouble != .blocked && $0.trouble != .silent }
        builder = MessageBuilder(plan)
    }

    /// The next message, received by the service at `now`; nil where no device of the fleet sends any more.
    package mutating func next(now: Timestamp) -> FleetMessage? {
        guard !devices.isEmpty else { return nil }
        let device = devices[sent % devices.count]
        let step = FleetPlan.telemetryRounds + sent / devices.count
        sent += 1
        return builder.message(device.telemetry(step), of: device, at: now, number: FleetPlan.rounds + step)
    }
}
