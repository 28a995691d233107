import Diagnostics
import JSON
import Testing

/// Whatever arrives is an event, and its device is named where anything names it.
struct DecoderTotalityTests {
    private static let amqp: [UInt8] = [0xA1, 0x09] + Array("from-amqp".utf8)

    @Test func `a null payload is a tombstone of the key's device`() {
        let event = SampleRecord(nil, key: "pump-07").decoded()
        #expect(event.kind == .tombstone)
        #expect(event.deviceID == "pump-07")
        #expect(!event.hasDocument)
        #expect(event.syntaxError == nil)
        #expect(event.eventTime == SampleRecord.brokerTime)
    }

    @Test func `an empty payload is not a null one`() {
        let event = SampleRecord("").decoded()
        #expect(event.kind == .undecodable)
        #expect(event.syntaxError?.reason.rawValue == "empty")
    }

    @Test(
        arguments: [
            ([("iotcentral-device-id", Array("from-header".utf8))], "key", "from-header"),
            ([("iotcentral-device-id", amqp)], "key", "from-amqp"), ([("iotcentral-device-id", amqp)], nil, "from-amqp"),
            ([("iotcentral-device-id", nil)], "key", "key"), ([("iotcentral-device-id", [])], "key", "key"),
            ([("iotcentral-device-id", [0xA1, 0x00])], "key", "key"), ([("iotcentral-device-ID", amqp)], "key", "key"),
            ([("x", nil), ("iotcentral-device-id", Array("a".utf8)), ("iotcentral-device-id", Array("b".utf8))], nil, "a"), ([], "key", "key"),
            ([], "", ""), ([], nil, ""),
        ] as [([(String, [UInt8]?)], String?, String)])
    func `the device of malformed JSON is the header's, else the key's, else unknown`(
        headers: [(String, [UInt8]?)], key: String?, device: String
    ) {
        let event = SampleRecord(#"{"deviceId":"not-read","telemetry":{"a":"#, key: key, headers: headers).decoded()
        #expect(event.kind == .undecodable)
        #expect(event.envelope == .none)
        #expect(event.deviceID == device)
        #expect(event.syntaxError?.reason.rawValue == "truncated")
        #expect(!event.hasDocument)
    }

    @Test func `the tenant of malformed JSON is the header's, else unknown`() {
        let application: [(String, [UInt8]?)] = [("iotcentral-application-id", [0xA1, 3] + Array("app".utf8))]
        #expect(SampleRecord("{", headers: application).decoded().tenant == "app")
        #expect(SampleRecord("{").decoded().tenant == "")
    }

    @Test(arguments: ["1", "null", "true", #""text""#, "[]", #"[{"applicationId":"a"}]"#])
    func `JSON that is no object is undecodable, with a document`(payload: String) {
        let event = SampleRecord(payload, key: "key").decoded()
        #expect(event.kind == .undecodable)
        #expect(event.hasDocument)
        #expect(event.deviceID == "key")
        #expect(event.syntaxError == nil)
    }

    @Test func `a tenant in the settings comes before the message's and the header's`() {
        let settings = SourceSettings(tenant: "fleet-a")
        let headers: [(String, [UInt8]?)] = [("iotcentral-application-id", Array("app".utf8))]
        for payload in [SampleExport.message(source: "telemetry"), "{", nil] {
            #expect(SampleRecord(payload, headers: headers).decoded(settings: settings).tenant == "fleet-a")
        }
    }

    @Test func `a format that the settings do not choose is not tried`() {
        let payload = SampleExport.message(source: "telemetry")
        #expect(SampleRecord(payload).decoded(settings: SourceSettings(envelope: .iotCentral)).envelope == .iotCentral)
        #expect(SampleRecord(payload).decoded(settings: SourceSettings(envelope: .iotHub)).envelope == .none)
        #expect(SampleRecord(payload).decoded(settings: SourceSettings(envelope: .raw)).envelope == .raw)
    }

    @Test func `nothing of a record is left when the next one comes`() {
        let full = SampleRecord(
            SampleExport.telemetry("{}", component: "motor", module: "vitals").replacing(
                #""enrichments":{}"#, with: #""messageProperties":{"iothub-creation-time-utc":"2024-01-02T03:04:04Z"}"#), key: "key")
        let others = [
            SampleRecord(nil), SampleRecord(""), SampleRecord("{"), SampleRecord("[]"), SampleRecord("{}"),
            SampleRecord(SampleExport.message(source: "audit", type: "created", device: nil, template: nil)),
            SampleRecord(SampleExport.message(source: "properties")), full,
        ]
        var decoder = EventDecoder()
        var event = DecodedEvent()
        for record in others + others.reversed() {
            full.decode(by: &decoder, into: &event)
            #expect(EventSummary(event) == full.decoded())
            record.decode(by: &decoder, into: &event)
            #expect(EventSummary(event) == record.decoded())
        }
    }

    @Test func `20,000 mutations of whole messages are events too`() {
        let seeds = [
            SampleExport.telemetry(#"{"temperature":1.5e3,"state":"on","nested":{"a":[1,null,true]}}"#, component: "motor", module: "vitals"),
            SampleExport.properties(#"[{"component":"motor","name":"speed","value":12},{"name":"\u0041","value":{"b":[]}}]"#),
            SampleExport.message(source: "deviceLifecycle", type: "registered"),
        ]
        var random = SeededRandom(seed: 20_000)
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var kinds: Set<EventKind> = []
        for round in 0..<20_000 {
            var record = SampleRecord(seeds[round % seeds.count], key: "key", headers: [("iotcentral-device-id", [0xA1, 1, 0x61]), ("n", nil)])
            record.payload = Self.mutated(record.payload ?? [], by: &random)
            if round % 4 == 0 { record.headers = Self.mutated(record.headers, by: &random) }
            if round % 8 == 0 { record.key = Self.mutated(record.key ?? [], by: &random) }
            if round % 16 == 0 { record.brokerTime = Timestamp(microseconds: Int64(bitPattern: random.next())) }
            if round % 32 == 0 { record.ingestTime = Timestamp(microseconds: Int64(bitPattern: random.next())) }
            record.decode(by: &decoder, into: &event)
            let summary = EventSummary(event)
            kinds.insert(summary.kind)
            #expect((summary.syntaxError == nil) == summary.hasDocument)
            for text in [summary.tenant, summary.deviceID, summary.module, summary.component, summary.templateRef] {
                #expect(text.utf8.count <= 128 && !text.utf8.contains(0))
            }
        }
        #expect(kinds.isSuperset(of: [.telemetry, .propertyReported, .registered, .undecodable, .unsupported]))
    }

    private static func mutated(_ bytes: [UInt8], by random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0...5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(Array("\"\\{}[]:,0u".utf8)[Int.random(in: 0...9, using: &random)], at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &random)))
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + Int.random(in: 1...20, using: &random))], at: place)
            }
        }
        return bytes
    }
}
