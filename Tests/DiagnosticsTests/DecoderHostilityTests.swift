import Diagnostics
import JSON
import Testing

/// Any headers on any payload under any choice are an event.
struct DecoderHostilityTests {
    private static let payloads: [String?] = [
        nil, "", "{", "[]", "7", #""text""#, "{}", SampleExport.telemetry(#"{"a":1}"#), SampleExport.properties(#"[{"name":"a","value":1}]"#),
        #"{"device":{"id":"d","templateId":5},"messageSource":"telemetry","telemetry":[{"name":"a","value":1}]}"#,
        #"{"id":"d","instanceOf":"t","provisioned":true,"properties":{}}"#, #"{"@id":"d","@type":"Device"}"#,
        #"{"EnqueuedTimeUtc":"2024-01-02T03:04:05Z","SystemProperties":{"connectionDeviceId":"d"},"Body":{"a":1}}"#,
        #"{"version":1,"properties":{"reported":{"a":1},"desired":[]},"modelId":"m"}"#, #"[{"op":"add","path":"/a","value":1}]"#,
        #"{"sequenceNumber":"000000000000000001D8713FF7E0851400000002000000000000000000000007","deviceId":"d"}"#,
        #"{"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"d","data":{"a":1}}"#, #"{"cause":"connected","source":"x"}"#,
    ]
    private static let words = [
        "Telemetry", "twinChangeEvents", "digitalTwinChangeEvents", "deviceLifecycleEvents", "deviceConnectionStateEvents", "twinChangeNotification",
        "updateTwin", "replaceTwin", "createDeviceIdentity", "deleteDeviceIdentity", "deviceConnected", "deviceDisconnected", "telemetry", "devices",
        "deviceTemplates", "1.0", "application/cloudevents+json", "application/vnd.eclipse-hono-dc-notification+json", "2024-01-02T03:04:05Z",
        "1704164645123", "NEW", "pump-07", "",
    ]

    private static func value(_ random: inout SeededRandom) -> [UInt8]? {
        let word = Array(words[Int.random(in: 0..<words.count, using: &random)].utf8)
        switch Int.random(in: 0...7, using: &random) {
        case 0: return nil
        case 1, 2, 3: return [0xA1, UInt8(word.count)] + word
        case 4, 5: return word
        case 6: return [0x83] + (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) }
        default: return (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
    }

    @Test func `40,000 records of random headers on payloads of every format are events`() {
        var random = SeededRandom(seed: 40_000)
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var formats: Set<EnvelopeFormat> = []
        var kinds: Set<EventKind> = []
        for round in 0..<40_000 {
            var headers: [(String, [UInt8]?)] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let name = HeaderName.allCases[Int.random(in: 0..<HeaderName.allCases.count, using: &random)]
                headers.append(("\(name.text)", Self.value(&random)))
            }
            if round % 4 == 0 {
                let source = Self.words[Int.random(in: 0..<5, using: &random)]
                let operation = Self.words[Int.random(in: 6..<12, using: &random)]
                headers += [("iothub-message-source", SampleHub.text(source)), ("opType", SampleHub.text(operation))]
            }
            var record = SampleRecord(Self.payloads[round % Self.payloads.count], key: round % 3 == 0 ? nil : "key", headers: headers)
            if round % 5 == 0, var payload = record.payload, !payload.isEmpty {
                payload[Int.random(in: 0..<payload.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                record.payload = payload
            }
            if round % 11 == 0, !record.headers.isEmpty { record.headers.removeLast(Int.random(in: 1...record.headers.count, using: &random)) }
            let choice = EnvelopeChoice.allCases[Int.random(in: 0..<EnvelopeChoice.allCases.count, using: &random)]
            let topic = round % 7 == 0 ? "hono.telemetry.fleet" : ""
            record.decode(by: &decoder, into: &event, settings: SourceSettings(envelope: round % 2 == 0 ? .auto : choice, topic: topic))
            let summary = EventSummary(event)
            formats.insert(summary.envelope)
            kinds.insert(summary.kind)
            let count = record.payload?.count ?? 0
            #expect(summary.hasDocument || summary.sections.isEmpty)
            #expect(summary.notices.allSatisfy { $0.byteOffset >= 0 && $0.byteOffset <= count })
            for text in [
                summary.tenant, summary.deviceID, summary.module, summary.component, summary.templateRef, summary.contentType, summary.messageID,
            ] {
                #expect(text.utf8.count <= 128 && !text.utf8.contains(0))
            }
        }
        #expect(formats.isSuperset(of: [.none, .iotCentral, .iotCentralTransform, .iotCentralLegacy, .iotHub, .raw]))
        #expect(kinds.isSuperset(of: [.telemetry, .propertyReported, .twin, .registered, .connected, .unsupported, .undecodable, .tombstone]))
    }
}
