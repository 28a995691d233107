import Diagnostics

/// One simulated device: its trouble, and how what it has sent so far was laid out. `script` says what that is.
package struct PlannedDevice: Hashable, Sendable {
    /// Its place in the fleet, from 0.
    package let index: Int
    /// Its id.
    package let id: String
    /// What is wrong with it.
    package let trouble: Trouble
    /// The wire format of its messages. What a service reports of it comes as CloudEvents all the same: no other format has such reports.
    package let format: FleetFormat
    /// Of how many telemetry messages in a row one shows the trouble, where messages show it: 1 for each, 8 for now and then.
    let faultyEvery: Int
    /// The time of its last regular message of the history.
    let end: Timestamp

    /// The export that carries its data alone, where one is switched off.
    var exportID: String { "export-of-\(id)" }

    /// The template that its messages name.
    var templateID: String? {
        switch trouble {
        case .unassigned: nil
        case .unknownTemplate: DemoModel.unpublishedTemplateID
        default: DemoModel.templateID
        }
    }

    /// The temperature that it is set to, as written.
    var setpoint: String { ["-22.0", "-18.0", "2.0", "4.5"][index % 4] }

    /// What it sends as its telemetry message number `step`.
    func telemetry(_ step: Int) -> MessageKind {
        let regular: MessageKind = step % 5 == 3 ? .componentTelemetry : .telemetry
        guard let faulty = trouble.profile.faulty else { return regular }
        switch trouble {
        case .unassigned, .unknownTemplate: return faulty
        // Bytes that name no template, so some good messages have to.
        case .cutOff where faultyEvery == 1, .brokenEnvelope where faultyEvery == 1: return step % 4 == 0 ? regular : faulty
        default: return step % faultyEvery == faultyEvery - 1 ? faulty : regular
        }
    }

    /// The label that the views have to give it: at least half of what is judged has an error, or anything is wrong at all.
    func expectedHealth(failed: Int, found: Int, judged: Int) -> String {
        trouble.profile.health ?? (failed > 0 && failed * 2 >= judged ? "failing" : found > 0 ? "degraded" : "healthy")
    }
}
