import Diagnostics
import JSON
import Testing

/// What the rules say about CloudEvents and Hono's messages: findings point into the bytes that arrived, and what is legal has none.
struct NativeJudgementTests {
    private static func judged(_ payload: String?, _ headers: [(String, String)]) throws -> Judgement {
        let record = SampleRecord(payload, key: "pump-07", headers: headers.map { ($0.0, Array($0.1.utf8)) })
        return Judgement(record, by: .version(try SampleTemplate.published()))
    }

    private static func binary(_ type: String, contentType: String = "application/json") -> [(String, String)] {
        [
            ("ce_specversion", "1.0"), ("ce_type", type), ("ce_source", "/fleets/north"), ("ce_id", "1"), ("ce_subject", "pump-07"),
            ("ce_time", "2024-01-02T03:04:05Z"), ("content-type", contentType),
        ]
    }

    private static func hono(_ contentType: String = "application/json") -> [(String, String)] {
        [("content-type", contentType), ("creation-time", "1704164645000"), ("device_id", "pump-07"), ("orig_adapter", "hono-mqtt")]
    }

    private static let structured = [("content-type", "application/cloudevents+json")]

    private static func event(_ rest: String) -> String { #"{"specversion":"1.0","source":"s","id":"1","subject":"pump-07",\#(rest)}"# }

    @Test func `values are judged in each format, and findings point at them`() throws {
        let inEvent = Self.event(#""type":"x.telemetry","component":"motor","data":{"speed":12,"speed2":1}"#)
        try Self.judged(inEvent, Self.structured).expectUndefined("speed2", component: "motor")
        try Self.judged(#"{"speed":12,"speed2":1}"#, Self.binary("x.telemetry") + [("ce_component", "motor")])
            .expectUndefined("speed2", component: "motor")
        try Self.judged(#"{"temperature":12,"speed2":1}"#, Self.hono()).expectUndefined("speed2", component: "")
    }

    @Test func `property values are judged as properties`() throws {
        let right = Self.event(#""type":"dev.hindcast.property.reported","data":{"serial":"A-17"}"#)
        #expect(try Self.judged(right, Self.structured).findings.isEmpty)
        let wrong = Self.event(#""type":"dev.hindcast.property.reported","data":{"temperature":5}"#)
        #expect(try Self.judged(wrong, Self.structured).rules == [.capabilityKind])
    }

    @Test func `what is legal has no findings`() throws {
        let records: [(payload: String?, headers: [(String, String)])] = [
            (#"{"temperature":12}"#, Self.binary("x.telemetry")), (nil, Self.binary("x.telemetry")), (nil, Self.binary("dev.hindcast.device.error")),
            (nil, Self.binary("dev.hindcast.device.connected")), ("", Self.binary("dev.hindcast.device.deleted")),
            ("<a/>", Self.binary("com.example.order", contentType: "text/xml")), (#"{"temperature":12}"#, Self.hono()),
            ("", Self.hono("application/vnd.eclipse-hono-empty-notification") + [("ttd", "0")]),
            (nil, Self.hono("application/vnd.eclipse-hono-empty-notification")),
            (#"{"cause":"connected"}"#, Self.hono("application/vnd.eclipse-hono-dc-notification+json")),
            ("", Self.hono("application/vnd.eclipse-hono-device-provisioning-notification") + [("hono_registration_status", "NEW")]),
            ("OK!", Self.hono("text/plain") + [("status", "200"), ("correlation-id", "c")]),
        ]
        for (payload, headers) in records {
            let judgement = try Self.judged(payload, headers)
            #expect(judgement.findings.isEmpty, "\(headers)")
            #expect(judgement.event.envelope != .none)
            #expect(judgement.event.kind != .undecodable)
        }
    }

    @Test func `notices become findings, whatever the kind of the event`() throws {
        let unknown = try Self.judged("{}", Self.binary("dev.hindcast.unknown"))
        #expect(unknown.rules == [.schemaUnsupported])
        #expect(unknown.findings.first?.path == "header:ce_type")
        #expect(try Self.judged("[]", [("content-type", "application/cloudevents-batch+json")]).rules == [.schemaUnsupported])
        let report = Self.event(#""type":"dev.hindcast.device.error","data":{"origin":"dps","status":"401"}"#)
        let judgement = try Self.judged(report, Self.structured)
        #expect(judgement.rules == [.envelopeInvalid])
        #expect(judgement.findings.first?.path == "/data/status")
        #expect(judgement.findings.first.map { judgement.text(at: $0) } == #""401"}}"#)
        #expect(try Self.judged(#"{"cause":"gone"}"#, Self.hono("application/vnd.eclipse-hono-dc-notification+json")).rules == [.envelopeInvalid])
    }

    @Test func `telemetry that cannot be read is one finding`() throws {
        #expect(try Self.judged("", Self.binary("x.telemetry")).rules == [.payloadEmpty])
        #expect(try Self.judged("{", Self.binary("x.telemetry")).rules == [.jsonInvalid])
        #expect(try Self.judged("{", Self.hono()).rules == [.jsonInvalid])
        #expect(try Self.judged("{", Self.structured).rules == [.jsonInvalid])
        #expect(try Self.judged(Self.event(#""type":"x.telemetry","data_base64":"e30=""#), Self.structured).findings.isEmpty)
    }

    @Test func `telemetry without a device is said`() throws {
        let nobody = Self.event(#""type":"x.telemetry","data":{"temperature":1}"#).replacing("subject", with: "other")
        #expect(try Self.judged(nobody, Self.structured).rules == [.deviceIDMissing])
    }
}

extension Judgement {
    fileprivate func expectUndefined(_ name: String, component: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(rules == [.capabilityUndefined], sourceLocation: sourceLocation)
        #expect(findings.first?.component == component, sourceLocation: sourceLocation)
        #expect(findings.first.map { text(at: $0).hasPrefix("\"\(name)\"") } == true, sourceLocation: sourceLocation)
    }
}
