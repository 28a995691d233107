import DTDL
import Diagnostics
import JSON
import Kafka
import Simulation
import Testing

/// Holds every message against what the plan says of it, through the decoder and the judge that the product itself uses.
struct FleetMessageTests {
    @Test func `the demo's template is read without remarks`() throws {
        let template = try DeviceTemplate(bytes: Array(DemoModel.document.utf8))
        #expect(template.templateID == DemoModel.templateID)
        #expect(template.issues.isEmpty)
        #expect(template.unresolved.isEmpty)
    }

    @Test func `each message is what its kind says, and is found to have exactly the fault that was planned`() throws {
        let plan = FleetPlanTests.plan(160)
        var examiner = try Examiner()
        var judged: [String: [PlannedFinding: Int]] = [:]
        for message in FleetHistory(plan) {
            let seen = examiner.examine(message)
            #expect(seen.kind == Self.expectedKind(message), "\(message.kind)")
            #expect(seen.device == (message.kind.isAboutDevice ? message.device.id : ""))
            if message.kind != .cutOff { #expect(seen.time == message.time) }
            #expect(seen.envelope == Self.expectedEnvelope(message), "\(message.kind)")
            for finding in seen.findings { judged[message.device.id, default: [:]][finding, default: 0] += 1 }
        }
        for device in PlanFile(plan, topic: "t").devices { #expect(judged[device.id] ?? [:] == device.findings, "\(device.id) \(device.trouble)") }
    }

    @Test func `messages vary in the order of their members and the digits of their times`() {
        let messages = FleetHistory(FleetPlanTests.plan()).filter { $0.kind == .telemetry && $0.device.format == .central }
        let firsts = Set(messages.map { String(decoding: $0.value.prefix(12), as: UTF8.self) })
        #expect(firsts.count > 5)
        let digits = Set(
            messages.compactMap { message -> Int? in
                guard let tree = try? JSONTree.parse(message.value), let time = tree["enqueuedTime"]?.stringValue else { return nil }
                return time.split(separator: ".").last.map { $0.count - 1 }
            })
        #expect(digits.isSuperset(of: [3, 6, 7, 9]))
    }

    @Test func `a message that breaks off is named by its record key alone, one of a hub by its headers alone`() {
        let messages = FleetHistory(FleetPlanTests.plan()).map { $0 }
        let broken = messages.filter { $0.kind == .cutOff }
        #expect(!broken.isEmpty)
        #expect(broken.allSatisfy { $0.headers.isEmpty && $0.key == Array($0.device.id.utf8) })
        let hub = messages.filter { $0.device.format == .hub && $0.kind != .errorReport && $0.kind != .exportOff }
        #expect(!hub.isEmpty)
        #expect(hub.allSatisfy { $0.key == nil && $0.headers.contains { $0.name == "iothub-connection-device-id" } })
    }

    @Test func `a run that is delivered again is the same bytes at the same time`() throws {
        let device = try #require(FleetPlanTests.plan().devices.first { $0.trouble == .rewound })
        let messages = FleetHistory(FleetPlanTests.plan()).filter { $0.device == device }
        let again = messages.indices.filter { index in
            messages[..<index].contains { $0.value == messages[index].value && $0.time == messages[index].time }
        }
        #expect(again.count == 20)
        #expect(again.allSatisfy { index in messages[..<index].contains { $0.headers == messages[index].headers } })
    }

    private static func expectedKind(_ message: FleetMessage) -> EventKind {
        switch message.kind {
        case .registered, .unapproved: .registered
        case .provisioned: .provisioned
        case .connected: .connected
        case .disconnected: .disconnected
        case .disabled: .disabled
        case .deleted: .deleted
        case .desired, .readOnlyProperty: .propertyDesired
        case .properties, .acknowledgement, .malformedAcknowledgement, .earlyAcknowledgement: .propertyReported
        case .errorReport: .errorReport
        case .exportOff: .exportState
        case .cutOff: .undecodable
        case .brokenEnvelope: .unsupported
        case .telemetry, .componentTelemetry, .wrongCase, .wrongType, .unknownValue, .outOfRange, .noOffset, .malformed, .unmodeled, .wrongComponent,
            .missingComponent, .wrappedComponent, .edgeModule, .propertyAsTelemetry, .wrongClock, .unassigned, .unknownTemplate:
            .telemetry
        }
    }

    private static func expectedEnvelope(_ message: FleetMessage) -> String {
        switch message.kind {
        case .errorReport, .exportOff: "cloudevents"
        case .cutOff: "none"
        case _ where message.device.format == .central: "iotcentral"
        case _ where message.device.format == .transform: "iotcentral_transform"
        case _ where message.device.format == .hub: "iothub"
        default: "cloudevents"
        }
    }
}

/// What the product makes of a message.
private struct Examiner {
    struct Seen {
        let kind: EventKind
        let device: String
        let envelope: String
        let time: Timestamp
        let findings: [PlannedFinding]
    }

    private var decoder = EventDecoder()
    private var event = DecodedEvent()
    private let template: PublishedTemplate

    init() throws {
        let compiled = try DeviceTemplate(bytes: Array(DemoModel.document.utf8)).compiled
        template = PublishedTemplate(key: 1, templateID: DemoModel.templateID, version: 1, compiled: compiled)
    }

    mutating func examine(_ message: FleetMessage) -> Seen {
        var headers: [UInt8] = []
        for header in message.headers {
            let value = header.value ?? []
            HeaderBytes.append(name: header.name.rawBytes, value: value.rawBytes, to: &headers)
        }
        let key = message.key ?? []
        let keyBytes: RawSpan? = message.key == nil ? nil : key.rawBytes
        let record = RecordView(
            key: keyBytes, headers: headers.rawBytes, payload: message.value.rawBytes,
            brokerTime: FleetPlanTests.noon, ingestTime: FleetPlanTests.noon)
        decoder.decode(record, settings: SourceSettings(tenant: "test"), into: &event)
        var findings: [Finding] = []
        var judge = Judge()
        let templateID = event.string(event.templateRef)
        let inForce: TemplateInForce =
            templateID.isEmpty ? .unassigned : templateID == template.templateID ? .version(template) : .unknown(templateID: templateID)
        judge.judge(event, payload: message.value.rawBytes, decoder: decoder, template: inForce, into: &findings)
        let planned = findings.map {
            PlannedFinding(rule: $0.rule.rawValue, component: $0.component, path: $0.path, isError: $0.rule.severity == .error)
        }
        return Seen(
            kind: event.kind, device: event.string(event.deviceID), envelope: event.envelope.name, time: event.eventTime, findings: planned)
    }
}
