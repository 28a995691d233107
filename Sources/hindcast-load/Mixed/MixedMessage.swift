import Diagnostics
import Kafka
import Simulation

/// One mixed message on its way: `value` fills key and headers in.
struct MixedMessage {
    let format: MixedMix.Format
    let device: String
    let time: Timestamp
    let fault: MixedFault?
    let isComponent: Bool

    private(set) var key: [UInt8]?
    private(set) var headers: [ProducerHeader] = []

    init(format: MixedMix.Format, device: String, time: Timestamp, fault: MixedFault?, isComponent: Bool) {
        self.format = format
        self.device = device
        self.time = time
        self.fault = fault
        self.isComponent = isComponent
    }

    private var templateID: String { fault == .template ? "dtmi:hindcast:load:Unknown;1" : MixedModel.templateID }
    private var component: String? { isComponent ? fault == .component ? "pmup" : MixedModel.component : fault == .component ? "valve" : nil }
    private var enqueued: String { fault == .clock ? "0001-01-01T00:00:00Z" : time.rfc3339 }
    private var values: MixedValues { MixedValues(fault: fault, isComponent: isComponent) }

    mutating func value(_ numbers: inout SeededNumbers) -> [UInt8] {
        switch format {
        case .centralTelemetry: Array(central("telemetry", nil, body: #""telemetry":"# + values.telemetry(&numbers)).utf8)
        case .centralReported: centralProperties("devicePropertyReportedChange", name: "name", &numbers)
        case .centralDesired: centralProperties("devicePropertyDesiredChange", name: "name", &numbers)
        case .centralPreview: centralProperties("devicePropertyReportedChange", name: "fieldName", schema: "default@preview", &numbers)
        case .centralTransform: Array(transform(&numbers).utf8)
        case .centralConnected: Array(central("deviceConnectivity", "connected", body: nil).utf8)
        case .hubTelemetry: hubTelemetry(&numbers)
        case .hubTwin: hubTwin(&numbers)
        case .hubDigitalTwin: hubDigitalTwin(&numbers)
        case .hubConnection: hubConnection(&numbers)
        case .hubLifecycle: hubLifecycle()
        case .cloudBinary: cloudBinary(&numbers)
        case .cloudStructured: cloudStructured(&numbers)
        case .honoTelemetry, .honoEvent: hono("application/json", values.telemetry(&numbers))
        case .honoConnection:
            hono("application/vnd.eclipse-hono-dc-notification+json", #"{"cause":"connected","remote-id":"c1","source":"hono-mqtt"}"#)
        }
    }

    // MARK: - Azure IoT Central

    private func central(_ source: String, _ type: String?, schema: String = "default@v1", body: String?) -> String {
        let type = type.map { #","messageType":"\#($0)""# } ?? ""
        let component = source == "telemetry" ? component.map { #","component":"\#($0)""# } ?? "" : ""
        return #"{"applicationId":"\#(LoadModel.applicationID)","messageSource":"\#(source)"\#(type),"deviceId":"\#(device)","schema":"\#(schema)","#
            + #""templateId":"\#(templateID)","enqueuedTime":"\#(enqueued)"\#(component),"enrichments":{}"# + (body.map { "," + $0 } ?? "") + "}"
    }

    private func centralProperties(_ type: String, name: String, schema: String = "default@v1", _ numbers: inout SeededNumbers) -> [UInt8] {
        let property = values.property(writable: type == "devicePropertyDesiredChange", &numbers)
        let component = component.map { #""component":"\#($0)","# } ?? ""
        let body = #""properties":[{\#(component)"\#(name)":"\#(property.name)","value":\#(property.value)}]"#
        return Array(central("properties", type, schema: schema, body: body).utf8)
    }

    private func transform(_ numbers: inout SeededNumbers) -> String {
        let list = values.members(&numbers).map { #"{"id":"urn:load:\#($0.name):1","name":"\#($0.name)","value":\#($0.value)}"# }
        let component = component.map { #","component":"\#($0)""# } ?? ""
        return #"{"applicationId":"\#(LoadModel.applicationID)","messageSource":"telemetry","enqueuedTime":"\#(enqueued)"\#(component),"#
            + #""device":{"id":"\#(device)","name":"Station","templateId":"\#(templateID)","templateName":"Station","properties":{"reported":[]},"#
            + #""cloudProperties":[],"simulated":false,"approved":true,"blocked":false,"provisioned":true},"#
            + #""telemetry":["# + list.joined(separator: ",") + #"],"enrichments":{},"messageProperties":{}}"#
    }

    // MARK: - Azure IoT Hub

    private mutating func hub(_ source: String, schema: String?, operation: String? = nil) {
        headers = [
            ProducerHeader("iothub-connection-device-id", AMQPText.string(device)),
            ProducerHeader("iothub-connection-auth-generation-id", AMQPText.string("638000000000000001")),
            ProducerHeader("iothub-message-source", AMQPText.string(source)),
            ProducerHeader("iothub-enqueuedtime", AMQPText.timestamp(fault == .clock ? -62_135_596_800_000 : time.microseconds / 1000)),
            ProducerHeader("content-type", Array("application/json".utf8)), ProducerHeader("content-encoding", Array("utf-8".utf8)),
            ProducerHeader("dt-dataschema", AMQPText.string(templateID)),
        ]
        if let schema { headers.append(ProducerHeader("iothub-message-schema", AMQPText.string(schema))) }
        if let operation {
            headers.append(ProducerHeader("opType", AMQPText.string(operation)))
            headers.append(ProducerHeader("deviceId", AMQPText.string(device)))
            headers.append(ProducerHeader("operationTimestamp", AMQPText.string(enqueued)))
        }
    }

    private mutating func hubTelemetry(_ numbers: inout SeededNumbers) -> [UInt8] {
        hub("Telemetry", schema: nil)
        if let component { headers.append(ProducerHeader("dt-subject", AMQPText.string(component))) }
        return Array(values.telemetry(&numbers).utf8)
    }

    private mutating func hubTwin(_ numbers: inout SeededNumbers) -> [UInt8] {
        hub("twinChangeEvents", schema: "twinChangeNotification", operation: "updateTwin")
        let property = values.property(writable: false, &numbers)
        let member = #""\#(property.name)":\#(property.value)"#
        let content = component.map { #""\#($0)":{"__t":"c",\#(member)}"# } ?? member
        return Array(#"{"version":7,"properties":{"reported":{\#(content),"$metadata":{"$lastUpdated":"\#(time.rfc3339)"},"$version":6}}}"#.utf8)
    }

    private mutating func hubDigitalTwin(_ numbers: inout SeededNumbers) -> [UInt8] {
        hub("digitalTwinChangeEvents", schema: "digitalTwinChangeNotification", operation: "updateDigitalTwin")
        let property = values.property(writable: false, &numbers)
        let path = (component.map { "/\($0)" } ?? "") + "/\(property.name)"
        return Array(#"[{"op":"replace","path":"\#(path)","value":\#(property.value)}]"#.utf8)
    }

    private mutating func hubConnection(_ numbers: inout SeededNumbers) -> [UInt8] {
        let isConnected = Bool.random(using: &numbers)
        hub(
            "deviceConnectionStateEvents", schema: "deviceConnectionStateNotification",
            operation: isConnected ? "deviceConnected" : "deviceDisconnected")
        let digits = String(UInt64(time.microseconds), radix: 16, uppercase: true)
        return Array(#"{"sequenceNumber":"\#(String(repeating: "0", count: 64 - digits.count))\#(digits)"}"#.utf8)
    }

    private mutating func hubLifecycle() -> [UInt8] {
        hub("deviceLifecycleEvents", schema: "deviceLifecycleNotification", operation: "createDeviceIdentity")
        return Array(#"{"deviceId":"\#(device)","etag":"AAAA","version":2,"properties":{"desired":{"$version":1},"reported":{"$version":1}}}"#.utf8)
    }

    // MARK: - CloudEvents and Hono

    private mutating func cloudBinary(_ numbers: inout SeededNumbers) -> [UInt8] {
        let attributes = [
            ("specversion", "1.0"), ("type", "com.example.device.telemetry"), ("source", "/fleets/load"), ("id", "\(numbers.next())"),
            ("subject", device),
            ("time", enqueued), ("dataschema", templateID),
        ]
        headers = attributes.map { ProducerHeader("ce_\($0.0)", Array($0.1.utf8)) }
        headers.append(ProducerHeader("content-type", Array("application/json".utf8)))
        if let component { headers.append(ProducerHeader("ce_component", Array(component.utf8))) }
        key = Array(device.utf8)
        return Array(values.telemetry(&numbers).utf8)
    }

    private mutating func cloudStructured(_ numbers: inout SeededNumbers) -> [UInt8] {
        headers = [ProducerHeader("content-type", Array("application/cloudevents+json; charset=UTF-8".utf8))]
        key = Array(device.utf8)
        let component = component.map { #","component":"\#($0)""# } ?? ""
        let frame =
            #"{"specversion":"1.0","type":"com.example.device.telemetry","source":"/fleets/load","id":"\#(numbers.next())","subject":"\#(device)","#
            + #""time":"\#(enqueued)","dataschema":"\#(templateID)""# + component + #","datacontenttype":"application/json","data":"#
        return Array((frame + values.telemetry(&numbers) + "}").utf8)
    }

    private mutating func hono(_ contentType: String, _ value: String) -> [UInt8] {
        let created = fault == .clock ? -62_135_596_800_000 : time.microseconds / 1000
        headers = [
            ProducerHeader("content-type", Array(contentType.utf8)), ProducerHeader("creation-time", Array("\(created)".utf8)),
            ProducerHeader("device_id", Array(device.utf8)), ProducerHeader("qos", Array("1".utf8)),
            ProducerHeader("orig_adapter", Array("hono-mqtt".utf8)), ProducerHeader("tenant_id", Array("load".utf8)),
        ]
        key = Array(device.utf8)
        return Array(value.utf8)
    }
}
