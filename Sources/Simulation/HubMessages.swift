import Diagnostics
import JSON
import Kafka

/// Messages of an Azure IoT Hub, read through the Kafka endpoint of Event Hubs: no key, headers in AMQP's encoding, and for telemetry the device's own
/// body.
struct HubMessages {
    let subject: MessageSubject

    func message(_ numbers: inout SeededNumbers) -> FleetMessage {
        switch subject.kind.family {
        case .telemetry: telemetry(&numbers)
        case .properties: twin(&numbers)
        case .connection: connection
        case .life, .report: life
        }
    }

    // MARK: -

    private func telemetry(_ numbers: inout SeededNumbers) -> FleetMessage {
        var headers =
            headers(source: "Telemetry") + [
                ProducerHeader("message-id", Array("\(subject.device.id)-\(subject.planned.number)".utf8)),
                ProducerHeader("iothub-creation-time-utc", AMQPText.string(subject.deviceTime.rfc3339)),
            ]
        if let component = subject.component { headers.append(ProducerHeader("dt-subject", AMQPText.string(component))) }
        if subject.kind == .edgeModule { headers.append(ProducerHeader("iothub-connection-module-id", AMQPText.string("controller"))) }
        var value = MessageSubject.bytes(.object(SimulatedValues.telemetry(of: subject.kind, &numbers)))
        if subject.kind == .malformed {
            // Either it ends too early, or a comma stands before the end.
            if subject.device.index % 2 == 0 {
                value.removeLast(Int.random(in: 1...(value.count / 2), using: &numbers))
            } else {
                value.insert(UInt8(ascii: ","), at: value.count - 1)
            }
        }
        return subject.message(key: nil, headers: headers, value: value)
    }

    private func twin(_ numbers: inout SeededNumbers) -> FleetMessage {
        let isDesired = subject.kind.isDesired
        var section: [JSONTree.Member] = []
        for property in SimulatedValues.properties(of: subject.kind, setpoint: subject.device.setpoint, &numbers) {
            let member = JSONTree.Member(key: property.name, value: isDesired ? property.value : reported(property.value))
            if let component = property.component {
                section.append(JSONTree.Member(key: component, value: .object([JSONTree.Member(key: "__t", value: .string("c")), member])))
            } else {
                section.append(member)
            }
        }
        section.append(JSONTree.Member(key: "$metadata", value: .object(["$lastUpdated": .string(subject.time.rfc3339)])))
        section.append(JSONTree.Member(key: "$version", value: .integer(isDesired ? Self.desiredVersion : subject.planned.number + 2)))
        let properties = JSONTree.object([JSONTree.Member(key: isDesired ? "desired" : "reported", value: .object(section))])
        return notification(
            source: "twinChangeEvents", schema: "twinChangeNotification", operation: "updateTwin",
            body: .object(["version": .integer(subject.planned.number + 3), "properties": properties]))
    }

    /// The version of what is desired; nobody desires anything twice.
    private static let desiredVersion = 2

    /// A property as the device reports it: bare, or with what an acknowledgement carries (IoT Plug and Play conventions, "Acknowledgment responses").
    private func reported(_ value: JSONTree) -> JSONTree {
        switch subject.kind {
        case .acknowledgement: acknowledgement(value, status: .integer(200), version: Self.desiredVersion)
        case .malformedAcknowledgement: acknowledgement(value, status: .string("200"), version: Self.desiredVersion)
        case .earlyAcknowledgement: acknowledgement(value, status: .integer(200), version: Self.desiredVersion + 7)
        default: value
        }
    }

    private func acknowledgement(_ value: JSONTree, status: JSONTree, version: Int) -> JSONTree {
        .object(["value": value, "ac": status, "av": .integer(version), "ad": .string("done")])
    }

    private var connection: FleetMessage {
        let digits = String(UInt64(subject.time.microseconds), radix: 16, uppercase: true)
        let number = String(repeating: "0", count: 64 - digits.utf8.count) + digits
        return notification(
            source: "deviceConnectionStateEvents", schema: "deviceConnectionStateNotification",
            operation: subject.kind == .connected ? "deviceConnected" : "deviceDisconnected", body: .object(["sequenceNumber": .string(number)]))
    }

    private var life: FleetMessage {
        let section = JSONTree.object(["$version": .integer(1)])
        return notification(
            source: "deviceLifecycleEvents", schema: "deviceLifecycleNotification",
            operation: subject.kind == .deleted ? "deleteDeviceIdentity" : "createDeviceIdentity",
            body: .object([
                "deviceId": .string(subject.device.id), "etag": .string("AAAAAAAAAAE="), "version": .integer(2),
                "properties": .object(["desired": section, "reported": section]),
            ]))
    }

    // MARK: -

    private func notification(source: String, schema: String, operation: String, body: JSONTree) -> FleetMessage {
        let headers =
            headers(source: source) + [
                ProducerHeader("iothub-message-schema", AMQPText.string(schema)), ProducerHeader("opType", AMQPText.string(operation)),
                ProducerHeader("hubName", AMQPText.string("demo-hub")), ProducerHeader("deviceId", AMQPText.string(subject.device.id)),
                ProducerHeader("operationTimestamp", AMQPText.string(subject.time.rfc3339)),
            ]
        return subject.message(key: nil, headers: headers, value: MessageSubject.bytes(body))
    }

    private func headers(source: String) -> [ProducerHeader] {
        var headers = [
            ProducerHeader("iothub-connection-device-id", AMQPText.string(subject.device.id)),
            ProducerHeader("iothub-connection-auth-generation-id", AMQPText.string("638000000000000001")),
            ProducerHeader("iothub-message-source", AMQPText.string(source)),
            ProducerHeader("iothub-enqueuedtime", AMQPText.timestamp(subject.time.microseconds / 1000)),
            ProducerHeader("content-type", Array("application/json".utf8)), ProducerHeader("content-encoding", Array("utf-8".utf8)),
        ]
        if let template = subject.device.templateID { headers.append(ProducerHeader("dt-dataschema", AMQPText.string(template))) }
        return headers
    }
}
