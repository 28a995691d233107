import Diagnostics

/// One simulated device: its trouble, and how what it has sent so far was laid out.
package struct PlannedDevice: Hashable, Sendable {
    /// Its place in the fleet, from 0.
    package let index: Int
    /// Its id.
    package let id: String
    /// What is wrong with it.
    package let trouble: Trouble
    /// Of how many telemetry messages in a row one shows the trouble, where messages show it: 1 for each, 8 for now and then.
    let faultyEvery: Int
    /// The time of its last message of the history.
    let end: Timestamp

    /// Messages before its telemetry, in order.
    static let prologue: [MessageKind] = [.registered, .provisioned, .connected, .properties]

    /// What it sends in each round of the history; nil where it sends nothing.
    func kind(inRound round: Int) -> MessageKind? {
        if round < Self.prologue.count { return trouble == .unassigned && Self.prologue[round] == .properties ? nil : Self.prologue[round] }
        let step = round - Self.prologue.count
        guard step < FleetPlan.telemetryRounds else { return nil }
        if trouble == .blocked {
            // An operator blocks it half-way, and nothing follows.
            let half = FleetPlan.telemetryRounds / 2
            return step < half ? telemetry(step) : step == half ? .disabled : nil
        }
        return telemetry(step)
    }

    /// What it sends as its telemetry message number `step`.
    func telemetry(_ step: Int) -> MessageKind {
        let regular: MessageKind = step % 5 == 3 ? .componentTelemetry : .telemetry
        guard let faulty = trouble.faultyKind else { return regular }
        switch trouble {
        case .unassigned: return faulty
        // Bytes that are no JSON name no template, so some good messages have to.
        case .malformed where faultyEvery == 1: return step % 4 == 0 ? regular : faulty
        default: return step % faultyEvery == faultyEvery - 1 ? faulty : regular
        }
    }

    /// The time of its message in a round: telemetry at regular intervals up to `end`, what precedes it one second apart before that.
    func time(ofRound round: Int) -> Timestamp {
        let step = round - Self.prologue.count
        let first = end.microseconds - Int64(FleetPlan.telemetryRounds - 1) * FleetPlan.interval
        if step < 0 { return Timestamp(microseconds: first + Int64(step) * 1_000_000) }
        return Timestamp(microseconds: first + Int64(step) * FleetPlan.interval)
    }

    /// The label that the views have to give it.
    package var expectedHealth: String {
        switch trouble {
        case .healthy: "healthy"
        case .blocked: "blocked"
        case .unassigned: "unassigned"
        case .silent: "silent"
        case .unmodeled, .wrongCase, .wrongComponent: "degraded"
        case .wrongType, .malformed: faultyEvery == 1 ? "failing" : "degraded"
        }
    }
}
