import Diagnostics
import JSON
import Testing

/// Bytes of CloudEvents and of Hono's messages that were changed at random are still events.
struct NativeMutationTests {
    private static func headers(_ texts: [(String, String)]) -> [(String, [UInt8]?)] { texts.map { ($0.0, Array($0.1.utf8)) } }

    private static let seeds: [SampleRecord] = [
        SampleRecord(
            #"{"speed":12,"state":"on"}"#, key: "key",
            headers: headers([
                ("ce_specversion", "1.0"), ("ce_type", "com.example.telemetry"), ("ce_source", "/f"), ("ce_id", "1"), ("ce_subject", "pump-07"),
                ("ce_time", "2024-01-02T03:04:05Z"), ("ce_dataschema", "dtmi:a;1"), ("content-type", "application/json"),
            ])),
        SampleRecord(
            #"{"origin":"dps","status":401,"subcode":"401002"}"#, key: "key",
            headers: headers([
                ("ce_specversion", "1.0"), ("ce_type", "dev.hindcast.device.error"), ("ce_source", "/f"), ("ce_id", "1"), ("ce_subject", "pump-07"),
            ])),
        SampleRecord(
            #"{"specversion":"1.0","type":"dev.hindcast.property.reported","source":"/f","id":"1","subject":"pump-07","component":"motor","#
                + #""time":"2024-01-02T03:04:05Z","data":{"speed":12,"text":"\u0041"}}"#,
            key: "key", headers: headers([("content-type", "application/cloudevents+json")])),
        SampleRecord(
            #"{"specversion":"1.0","type":"dev.hindcast.export.backfilled","source":"/f","id":"1","data":{"export":"e","from":"2024-01-02T03:04:05Z","#
                + #""to":"2024-01-02T03:04:05Z","rows":5,"truncated":true}}"#,
            headers: headers([("content-type", "application/cloudevents+json; charset=utf-8")])),
        SampleRecord(
            #"{"speed":12}"#, key: "key",
            headers: headers([
                ("content-type", "application/json"), ("creation-time", "1704164645250"), ("device_id", "pump-07"), ("orig_adapter", "hono-mqtt"),
                ("ttl", "500"), ("ttd", "30"), ("tenant_id", "north"),
            ])),
        SampleRecord(
            #"{"cause":"disconnected","remote-id":"c"}"#, key: "key",
            headers: headers([
                ("content-type", "application/vnd.eclipse-hono-dc-notification+json"), ("creation-time", "1704164645250"), ("device_id", "pump-07"),
            ])),
        SampleRecord(
            "",
            headers: headers([
                ("content-type", "application/vnd.eclipse-hono-empty-notification"), ("creation-time", "1704164645250"), ("device_id", "pump-07"),
                ("ttd", "-1"),
            ])),
    ]

    @Test func `40,000 mutations are events, and say nothing about bytes that are not there`() {
        var random = SeededRandom(seed: 77)
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var kinds: Set<EventKind> = []
        var rules: Set<Rule> = []
        for round in 0..<40_000 {
            var record = Self.seeds[round % Self.seeds.count]
            if round % 2 == 0, let payload = record.payload { record.payload = Self.mutated(payload, by: &random) }
            if round % 3 == 0 { record.headers = Self.mutated(record.headers, by: &random) }
            if round % 50 == 0 { record.payload = nil }
            let topic = round % 5 == 0 ? String(decoding: Self.mutated(Array("hono.event.north".utf8), by: &random), as: UTF8.self) : ""
            record.decode(by: &decoder, into: &event, settings: SourceSettings(topic: topic))
            let summary = EventSummary(event)
            kinds.insert(summary.kind)
            rules.formUnion(summary.notices.map(\.rule))
            #expect(summary.hasDocument || summary.sections.isEmpty)
            #expect(!summary.hasDocument || summary.syntaxError == nil)
            #expect(summary.notices.allSatisfy { $0.byteOffset >= 0 && $0.byteOffset <= record.payload?.count ?? 0 })
            #expect(summary.notices.allSatisfy { $0.actual.utf8.count <= 128 && !$0.actual.utf8.contains(0) })
            for text in [summary.tenant, summary.deviceID, summary.component, summary.templateRef, summary.messageID, summary.sequence] {
                #expect(text.utf8.count <= 128 && !text.utf8.contains(0))
            }
            record.decode(by: &decoder, into: &event, settings: SourceSettings(topic: topic))
            #expect(EventSummary(event) == summary)
        }
        #expect(
            kinds.isSuperset(of: [.telemetry, .errorReport, .propertyReported, .exportState, .disconnected, .connected, .tombstone, .unsupported]))
        #expect(rules.isSuperset(of: [.envelopeInvalid, .schemaUnsupported]))
    }

    private static func mutated(_ bytes: [UInt8], by random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0...3, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
            }
        }
        return bytes
    }
}
