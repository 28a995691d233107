package import Diagnostics

/// The messages of a plan's history, so that devices interleave and each one's messages keep their order. Made one at a time.
package struct FleetHistory: Sequence, IteratorProtocol, Sendable {
    /// How many devices interleave; their scripts are held at one time.
    private static let groupSize = 1000

    private let plan: FleetPlan
    private let builder: MessageBuilder
    private var taken = 0
    private var group: [(device: PlannedDevice, script: [PlannedMessage])] = []
    private var round = 0
    private var place = 0
    private var isRoundEmpty = true

    /// Starts at the first message.
    package init(_ plan: FleetPlan) {
        self.plan = plan
        builder = MessageBuilder(plan)
    }

    /// The next message; nil at the end.
    package mutating func next() -> FleetMessage? {
        while true {
            while place < group.count {
                let (device, script) = group[place]
                place += 1
                guard round < script.count else { continue }
                isRoundEmpty = false
                return builder.message(script[round], of: device)
            }
            if isRoundEmpty {
                guard taken < plan.devices.count else { return nil }
                let end = Swift.min(taken + Self.groupSize, plan.devices.count)
                group = plan.devices[taken..<end].map { ($0, $0.script) }
                taken = end
                round = 0
            } else {
                round += 1
            }
            place = 0
            isRoundEmpty = true
        }
    }
}

/// What a fleet goes on sending after its history: one message after the other without end, every device with its trouble.
package struct FleetStream: Sendable {
    /// The numbers of its messages are greater than those of any script.
    private static let firstNumber = 1_000_000

    private let devices: [PlannedDevice]
    private let builder: MessageBuilder
    private var sent = 0

    /// Starts behind the history.
    package init(_ plan: FleetPlan) {
        devices = plan.devices.filter { $0.trouble.profile.goesOn }
        builder = MessageBuilder(plan)
    }

    /// The next message, received by the service at `now`; nil where no device of the fleet sends any more.
    package mutating func next(now: Timestamp) -> FleetMessage? {
        guard !devices.isEmpty else { return nil }
        let device = devices[sent % devices.count]
        let turn = sent / devices.count
        sent += 1
        let kind = device.telemetry(FleetPlan.telemetryRounds + turn)
        return builder.message(PlannedMessage(kind: kind, time: now, number: Self.firstNumber + turn), of: device)
    }
}
