import Diagnostics
import JSON
import Kafka

/// Messages of Azure IoT Central's data export, schema `default@v1`: members in any order, 0 to 9 digits behind the second, members that nobody asked
/// for. With a transform that passes on what it is given, the device is an object of its own, and telemetry a list.
struct CentralMessages {
    let subject: MessageSubject
    let applicationID: String
    let isTransformed: Bool

    func message(_ numbers: inout SeededNumbers) -> FleetMessage {
        var value = document(&numbers)
        let id = subject.key
        guard subject.kind == .cutOff else {
            return subject.message(key: id, headers: [ProducerHeader("iotcentral-device-id", AMQPText.string(subject.device.id))], value: value)
        }
        // Always within the outermost object, and never right behind a whole value that could stand alone.
        value.removeLast(Int.random(in: 1...(value.count / 2), using: &numbers))
        return subject.message(key: id, headers: [], value: value)
    }

    private func document(_ numbers: inout SeededNumbers) -> [UInt8] {
        var members: [(String, JSONTree)] = [
            ("applicationId", .string(applicationID)),
            ("enqueuedTime", .string(Self.text(of: subject.time, &numbers))),
            ("enrichments", Bool.random(using: &numbers) ? .object([]) : .object(["depot": .string("north")])),
        ]
        if subject.kind != .brokenEnvelope { members.append(("messageSource", .string(source))) }
        if let type { members.append(("messageType", .string(type))) }
        if isTransformed {
            members.append(("device", device))
        } else {
            members += [("deviceId", .string(subject.device.id)), ("schema", .string("default@v1"))]
            if let template = subject.device.templateID { members.append(("templateId", .string(template))) }
        }
        switch subject.kind.family {
        case .life, .connection, .report: break
        case .properties:
            let properties = SimulatedValues.properties(of: subject.kind, setpoint: subject.device.setpoint, &numbers)
            members.append(("properties", .array(properties.map(Self.element))))
        case .telemetry:
            let values = SimulatedValues.telemetry(of: subject.kind, &numbers)
            members.append(("telemetry", isTransformed ? .array(values.map(Self.element)) : .object(values)))
            members.append(("messageProperties", .object(["iothub-creation-time-utc": .string(subject.deviceTime.rfc3339)])))
            if let component = subject.component { members.append(("component", .string(component))) }
        }
        members.shuffle(using: &numbers)
        return MessageSubject.bytes(.object(members.map { JSONTree.Member(key: $0.0, value: $0.1) }))
    }

    private var source: String {
        switch subject.kind.family {
        case .life, .report: "deviceLifecycle"
        case .connection: "deviceConnectivity"
        case .properties: "properties"
        case .telemetry: "telemetry"
        }
    }

    private var type: String? {
        switch subject.kind.family {
        case .life, .connection, .report: subject.kind == .unapproved ? "registered" : subject.kind.rawValue
        case .properties: subject.kind.isDesired ? "devicePropertyDesiredChange" : "devicePropertyReportedChange"
        case .telemetry: nil
        }
    }

    /// What a transform is told of the device.
    private var device: JSONTree {
        let isWaiting = subject.kind == .unapproved
        var members: [JSONTree.Member] = [
            JSONTree.Member(key: "id", value: .string(subject.device.id)), JSONTree.Member(key: "name", value: .string("Unit")),
            JSONTree.Member(key: "simulated", value: .bool(false)), JSONTree.Member(key: "approved", value: .bool(!isWaiting)),
            JSONTree.Member(key: "blocked", value: .bool(false)),
            JSONTree.Member(key: "provisioned", value: .bool(!isWaiting && subject.kind != .registered)),
        ]
        if let template = subject.device.templateID { members.append(JSONTree.Member(key: "templateId", value: .string(template))) }
        return .object(members)
    }

    private static func element(_ member: JSONTree.Member) -> JSONTree { .object(["name": .string(member.key), "value": member.value]) }

    private static func element(_ property: SimulatedValues.Property) -> JSONTree {
        guard let component = property.component else { return .object(["name": .string(property.name), "value": property.value]) }
        return .object(["component": .string(component), "name": .string(property.name), "value": property.value])
    }

    /// RFC 3339 with the milliseconds written in 3 to 9 digits, as the service's documentation shows several.
    private static func text(of time: Timestamp, _ numbers: inout SeededNumbers) -> String {
        let digits = [3, 3, 6, 7, 9].randomElement(using: &numbers) ?? 3
        let text = time.rfc3339
        guard let point = text.firstIndex(of: ".") else { return text }
        let fraction = text[text.index(after: point)...].dropLast()
        let written = digits <= fraction.count ? String(fraction.prefix(digits)) : fraction + String(repeating: "0", count: digits - fraction.count)
        return text[...point] + written + "Z"
    }
}
