package import Diagnostics
package import Kafka
import Simulation

/// A message as the service receives it, which is as the log's topic has it: the route upstream of every export.
package struct UpstreamMessage: Sendable {
    /// What it says.
    package enum Content: Sendable {
        /// Values by name, as a JSON object's text, of the default component or the one that is named.
        case telemetry(values: String, component: String?, temperature: Double?)
        /// Telemetry that is not JSON: the service keeps it to itself.
        case malformed(String)
        /// Reported properties, as a JSON object's text with one member, and that member's name and value.
        case property(name: String, value: String)
        /// The device was connected, or disconnected.
        case connection(isConnected: Bool)
        /// The device was made.
        case registered
        /// The device got another name.
        case renamed(String)
    }

    /// Which device.
    package let device: UpstreamDevice
    /// When the service received it, in whole milliseconds.
    package let time: Timestamp
    /// What it says.
    package let content: Content
    /// Its place in its topic, set when the whole day is laid out.
    package internal(set) var partition: Int32 = 0
    /// Its place in its partition.
    package internal(set) var offset: Int64 = 0

    /// What an export has to send to send it.
    package var source: ExportSource {
        switch content {
        case .telemetry, .malformed: .telemetry
        case .property: .properties
        case .connection: .deviceConnectivity
        case .registered, .renamed: .deviceLifecycle
        }
    }

    /// Whether the service keeps it to itself.
    package var isMalformed: Bool {
        if case .malformed = content { true } else { false }
    }
}

/// A device of the simulated fleet.
package struct UpstreamDevice: Sendable {
    /// Its place in the fleet, from 0.
    package let index: Int
    /// Whether the service simulates it: exports under a managed identity leave it out.
    package let isSimulated: Bool

    /// Its id.
    package var id: String { "device-\(index)" }
    /// The template that its messages name.
    package var template: String { "dtmi:simulated:Pump\(index % 2 + 1);1" }
}

// MARK: - As records

extension UpstreamMessage {
    /// The record on the log's topic: telemetry as IoT Hub, a second export or CloudEvents carry it, whichever the device's number says, all else as our
    /// own CloudEvents.
    package func record(topic: String) -> ProducerRecord {
        let (headers, value) = headersAndValue
        return ProducerRecord(
            topic: topic, partition: partition, key: Array(device.id.utf8), value: Array(value.utf8), headers: headers,
            timestamp: time.microseconds / 1000)
    }

    private var headersAndValue: ([ProducerHeader], String) {
        switch content {
        case .malformed(let text): (hubHeaders(component: nil), text)
        case .telemetry(let values, let component, _):
            switch device.index % 3 {
            case 0: (hubHeaders(component: component), values)
            case 1: ([], ExportedMessage.text(of: self, applicationID: "upstream"))
            default: (cloudHeaders(type: "telemetry", component: component), values)
            }
        case .property(let name, let value): (cloudHeaders(type: "property.reported"), "{\"\(name)\":\(value)}")
        case .connection(let isConnected): (cloudHeaders(type: isConnected ? "device.connected" : "device.disconnected"), "{}")
        case .registered: (cloudHeaders(type: "device.registered"), "{\"approved\":true,\"simulated\":\(device.isSimulated)}")
        case .renamed(let name): (cloudHeaders(type: "device.renamed"), "{\"displayName\":\"\(name)\"}")
        }
    }

    private func hubHeaders(component: String?) -> [ProducerHeader] {
        var headers = [
            ProducerHeader("iothub-connection-device-id", AMQPText.string(device.id)),
            ProducerHeader("iothub-message-source", AMQPText.string("Telemetry")),
            ProducerHeader("iothub-enqueuedtime", AMQPText.timestamp(time.microseconds / 1000)),
            ProducerHeader("dt-dataschema", AMQPText.string(device.template)),
            ProducerHeader("content-type", Array("application/json".utf8)), ProducerHeader("content-encoding", Array("utf-8".utf8)),
        ]
        if let component { headers.append(ProducerHeader("dt-subject", AMQPText.string(component))) }
        return headers
    }

    private func cloudHeaders(type: String, component: String? = nil) -> [ProducerHeader] {
        var attributes = [
            ("specversion", "1.0"), ("id", "\(device.id)/\(time.microseconds / 1000)"), ("source", "/simulated/service"),
            ("type", "dev.hindcast.\(type)"), ("time", time.rfc3339), ("subject", device.id), ("dataschema", device.template),
        ]
        if let component { attributes.append(("component", component)) }
        return attributes.map { ProducerHeader("ce_\($0.0)", Array($0.1.utf8)) } + [ProducerHeader("content-type", Array("application/json".utf8))]
    }
}
