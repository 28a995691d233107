import Diagnostics
import JSON
import Kafka

/// CloudEvents 1.0 of our own types: telemetry in binary mode, everything else structured.
struct CloudMessages {
    let subject: MessageSubject

    func message(_ numbers: inout SeededNumbers) -> FleetMessage {
        let id = "\(subject.device.id)/\(subject.planned.number)"
        let attributes = attributes(id: id)
        switch subject.kind.family {
        case .telemetry:
            let headers = attributes.map { ProducerHeader("ce_\($0.0)", Array($0.1.utf8)) }
            let content = [ProducerHeader("content-type", Array("application/json".utf8))]
            let value = MessageSubject.bytes(.object(SimulatedValues.telemetry(of: subject.kind, &numbers)))
            return subject.message(key: subject.key, headers: headers + content, value: value)
        case .life, .connection, .properties, .report:
            var members = attributes.map { JSONTree.Member(key: $0.0, value: .string($0.1)) }
            if let data = data(&numbers) { members.append(JSONTree.Member(key: "data", value: data)) }
            let headers = [ProducerHeader("content-type", Array("application/cloudevents+json; charset=utf-8".utf8))]
            return subject.message(key: subject.key, headers: headers, value: MessageSubject.bytes(.object(members)))
        }
    }

    private func attributes(id: String) -> [(String, String)] {
        let isReport = subject.kind.family == .report
        var attributes = [
            ("specversion", "1.0"), ("id", id), ("source", isReport ? "/adapters/hub-diagnostics" : "/fleets/demo"),
            ("type", "dev.hindcast.\(type)"), ("time", subject.time.rfc3339),
        ]
        if subject.kind.isAboutDevice { attributes.append(("subject", subject.device.id)) }
        guard !isReport else { return attributes }
        if let template = subject.device.templateID { attributes.append(("dataschema", template)) }
        if let component = subject.component { attributes.append(("component", component)) }
        if subject.kind.family == .telemetry { attributes.append(("devicetime", subject.deviceTime.rfc3339)) }
        return attributes
    }

    private var type: String {
        switch subject.kind.family {
        case .telemetry: "telemetry"
        case .properties: subject.kind.isDesired ? "property.desired" : "property.reported"
        case .report: subject.kind == .exportOff ? "export.toggled" : "device.error"
        case .life, .connection: "device.\(subject.kind == .unapproved ? "registered" : subject.kind.rawValue)"
        }
    }

    private func data(_ numbers: inout SeededNumbers) -> JSONTree? {
        switch subject.kind.family {
        case .properties:
            // One event names one component.
            let properties = SimulatedValues.properties(of: subject.kind, setpoint: subject.device.setpoint, &numbers)
            return .object(properties.filter { $0.component == nil }.map { JSONTree.Member(key: $0.name, value: $0.value) })
        case .report:
            if subject.kind == .exportOff { return .object(["export": .string(subject.device.exportID), "enabled": .bool(false)]) }
            guard let report = subject.device.trouble.profile.report else { return nil }
            return .object([
                "origin": .string(report.origin), "status": .integer(report.status), "subcode": .string(report.subcode),
                "message": .string(report.message),
            ])
        case .telemetry, .life, .connection: return nil
        }
    }
}
