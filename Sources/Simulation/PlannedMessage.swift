import Diagnostics

/// A message in a device's script.
struct PlannedMessage: Hashable, Sendable {
    let kind: MessageKind
    /// When the service received it.
    let time: Timestamp
    /// Its place among the device's messages, which decides its content: the same number is the same message delivered again.
    let number: Int
}

extension PlannedDevice {
    /// What it sends in its history, in order: how it came to be, telemetry at regular intervals up to `end`, and what its trouble adds.
    var script: [PlannedMessage] {
        var script = Script(end: end)
        let profile = trouble.profile
        if case .instead(let kind) = profile.ending {
            script.add(kind, at: script.last)
            return script.messages
        }
        addPrologue(to: &script)
        for step in 0..<FleetPlan.telemetryRounds {
            script.add(telemetry(step), at: script.time(ofStep: step))
            // What comes beside the telemetry comes between two of it.
            let later = script.time(ofStep: step) + FleetPlan.beside
            if let extra = profile.extra, step % 8 == 7 { script.add(extra, at: later) }
            if trouble == .flapping, step % 2 == 1 {
                script.add(.disconnected, at: later)
                script.add(.connected, at: later + 2_000_000)
            }
            if trouble == .rewound, step % 10 == 9 { script.repeatLast(5) }
        }
        addEnding(to: &script)
        return script.messages
    }

    private func addPrologue(to script: inout Script) {
        var kinds: [MessageKind] = [.registered]
        // A hub knows no such step.
        if format != .hub { kinds.append(.provisioned) }
        kinds.append(.connected)
        if templateID == DemoModel.templateID { kinds += [.properties, .desired, .acknowledgement] }
        var time = script.time(ofStep: 0) - Int64(kinds.count) * 1_000_000
        if trouble == .tokenRenewal { time -= 6 * 3_600_000_000 }
        for kind in kinds {
            script.add(kind, at: time)
            time += 1_000_000
        }
        guard trouble == .tokenRenewal else { return }
        for hour in 1...6 {
            let renewal = time - 60_000_000 + Int64(hour) * 3_600_000_000
            script.add(.disconnected, at: renewal)
            script.add(.connected, at: renewal + 2_000_000)
        }
    }

    private func addEnding(to script: inout Script) {
        switch trouble.profile.ending {
        // It is no event of the device, so nobody looks at the device again for it: it has to be known when the telemetry comes.
        case .message(.exportOff): script.addFirst(.exportOff, at: script.last + FleetPlan.interval)
        case .message(let kind): script.add(kind, at: script.last + FleetPlan.interval)
        case .reports: for _ in 1...5 { script.add(.errorReport, at: script.last + 1_200_000_000) }
        case .silence, .instead, nil: break
        }
    }
}

/// A script that is being written.
private struct Script {
    private(set) var messages: [PlannedMessage] = []
    private let end: Int64

    init(end: Timestamp) { self.end = end.microseconds }

    /// The time of the last message so far.
    var last: Int64 { messages.last?.time.microseconds ?? end }

    /// The time of a telemetry message in microseconds.
    func time(ofStep step: Int) -> Int64 { end - Int64(FleetPlan.telemetryRounds - 1 - step) * FleetPlan.interval }

    mutating func add(_ kind: MessageKind, at microseconds: Int64) {
        messages.append(PlannedMessage(kind: kind, time: Timestamp(microseconds: microseconds), number: messages.count))
    }

    /// Sends a message before all others, whatever its time.
    mutating func addFirst(_ kind: MessageKind, at microseconds: Int64) {
        messages.insert(PlannedMessage(kind: kind, time: Timestamp(microseconds: microseconds), number: messages.count), at: 0)
    }

    /// Delivers the last messages once more, as routes do that deliver at least once.
    mutating func repeatLast(_ count: Int) { messages += messages.suffix(count) }
}
