import Diagnostics
import JSON
import Kafka

/// Writes messages as the device's wire format has them. Every choice is decided by the seed, the device and the message's number.
struct MessageBuilder: Sendable {
    private let plan: FleetPlan

    init(_ plan: FleetPlan) { self.plan = plan }

    func message(_ planned: PlannedMessage, of device: PlannedDevice) -> FleetMessage {
        var numbers = SeededNumbers(seed: plan.seed, UInt64(device.index), UInt64(planned.number))
        let subject = MessageSubject(device: device, planned: planned)
        // Only our own types can say what a service reports of a device or of its export; an adapter that reads the service's log writes them.
        switch planned.kind.family == .report ? .cloudEvents : device.format {
        case .central: return CentralMessages(subject: subject, applicationID: plan.applicationID, isTransformed: false).message(&numbers)
        case .transform: return CentralMessages(subject: subject, applicationID: plan.applicationID, isTransformed: true).message(&numbers)
        case .hub: return HubMessages(subject: subject).message(&numbers)
        case .cloudEvents: return CloudMessages(subject: subject).message(&numbers)
        }
    }
}

/// Which message of which device is written.
struct MessageSubject: Sendable {
    let device: PlannedDevice
    let planned: PlannedMessage

    var kind: MessageKind { planned.kind }
    var time: Timestamp { planned.time }

    /// The component that the envelope names.
    var component: String? {
        switch kind {
        case .componentTelemetry: DemoModel.component
        case .wrongComponent: DemoModel.misspeltComponent
        default: nil
        }
    }

    /// What the device's clock said, a moment before the service's.
    var deviceTime: Timestamp {
        Timestamp(microseconds: time.microseconds - 120_000 + (kind == .wrongClock ? 3 * 3_600_000_000 : 0))
    }

    func message(key: [UInt8]?, headers: [ProducerHeader], value: [UInt8]) -> FleetMessage {
        FleetMessage(device: device, kind: kind, time: time, key: key, headers: headers, value: value)
    }

    /// The device's id as a record key.
    var key: [UInt8] { Array(device.id.utf8) }

    /// Compact JSON.
    static func bytes(_ tree: JSONTree) -> [UInt8] {
        var writer = JSONWriter()
        writer.tree(tree)
        return writer.bytes
    }
}
