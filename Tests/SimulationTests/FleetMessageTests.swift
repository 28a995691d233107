import DTDL
import Diagnostics
import JSON
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
        let plan = FleetPlanTests.plan(120)
        var examiner = try Examiner()
        var judged: [String: [PlannedFinding: Int]] = [:]
        for message in FleetHistory(plan) {
            let seen = examiner.examine(message)
            #expect(seen.kind == Self.expectedKind(message.kind), "\(message.kind)")
            #expect(seen.device == message.device.id)
            if message.kind != .malformed { #expect(seen.time == message.time) }
            for finding in seen.findings { judged[message.device.id, default: [:]][finding, default: 0] += 1 }
        }
        for device in PlanFile(plan, topic: "t").devices { #expect(judged[device.id] ?? [:] == device.findings, "\(device.id) \(device.trouble)") }
    }

    @Test func `messages vary in the order of their members and the digits of their times`() {
        let messages = FleetHistory(FleetPlanTests.plan()).filter { $0.kind == .telemetry }
        let firsts = Set(messages.map { String(decoding: $0.value.prefix(12), as: UTF8.self) })
        #expect(firsts.count > 5)
        let digits = Set(
            messages.compactMap { message -> Int? in
                guard let tree = try? JSONTree.parse(message.value), let time = tree["enqueuedTime"]?.stringValue else { return nil }
                return time.split(separator: ".").last.map { $0.count - 1 }
            })
        #expect(digits.isSuperset(of: [3, 6, 7, 9]))
    }

    @Test func `a malformed message is named by its record key alone`() {
        let malformed = FleetHistory(FleetPlanTests.plan()).filter { $0.kind == .malformed }
        #expect(!malformed.isEmpty)
        #expect(malformed.allSatisfy { !$0.hasHeaders })
    }

    private static func expectedKind(_ kind: MessageKind) -> EventKind {
        switch kind {
        case .registered: .registered
        case .provisioned: .provisioned
        case .connected: .connected
        case .disabled: .disabled
        case .properties: .propertyReported
        case .malformed: .undecodable
        case .telemetry, .componentTelemetry, .wrongCase, .wrongType, .wrongComponent, .unmodeled, .unassigned: .telemetry
        }
    }
}

/// What the product makes of a message.
private struct Examiner {
    struct Seen {
        let kind: EventKind
        let device: String
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
        let key = Array(message.device.id.utf8)
        var headers: [UInt8] = []
        if message.hasHeaders { HeaderBytes.append(name: "iotcentral-device-id".rawBytes, value: key.rawBytes, to: &headers) }
        let record = RecordView(
            key: key.rawBytes, headers: headers.rawBytes, payload: message.value.rawBytes, brokerTime: FleetPlanTests.noon,
            ingestTime: FleetPlanTests.noon)
        decoder.decode(record, settings: SourceSettings(tenant: "test"), into: &event)
        var findings: [Finding] = []
        var judge = Judge()
        let inForce: TemplateInForce = event.templateRef.isEmpty ? .unassigned : .version(template)
        judge.judge(event, payload: message.value.rawBytes, decoder: decoder, template: inForce, into: &findings)
        let planned = findings.map {
            PlannedFinding(rule: $0.rule.rawValue, component: $0.component, path: $0.path, isError: $0.rule.severity == .error)
        }
        return Seen(kind: event.kind, device: event.string(event.deviceID), time: event.eventTime, findings: planned)
    }
}
