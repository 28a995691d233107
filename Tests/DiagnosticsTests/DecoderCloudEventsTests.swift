import Diagnostics
import JSON
import Testing

/// CloudEvents by the Kafka binding: where each field comes from, and what is held against events that are not whole.
struct DecoderCloudEventsTests {
    private static let model = "dtmi:example:pump;1"

    private static func binary(
        _ payload: String?, without removed: String = "", _ changed: [(String, String?)] = [], type: String = "com.example.pump.telemetry"
    ) -> SampleRecord {
        let headers: [(String, String?)] = [
            ("ce_specversion", "1.0"), ("ce_type", type), ("ce_source", "/fleets/north"), ("ce_id", "e-1"), ("ce_subject", "pump-07"),
            ("ce_time", "2024-01-02T03:04:05.250Z"), ("ce_dataschema", model), ("content-type", "application/json"),
        ]
        let kept = headers.filter { header in header.0 != removed && !changed.contains { $0.0 == header.0 } } + changed
        return SampleRecord(payload, key: "key", headers: kept.map { ($0.0, $0.1.map { Array($0.utf8) }) })
    }

    private static func structured(_ payload: String?, type: String = "application/cloudevents+json; charset=UTF-8") -> SampleRecord {
        SampleRecord(payload, key: "key", headers: [("content-type", Array(type.utf8))])
    }

    private static let whole = #"""
        {"specversion":"1.0","type":"com.example.pump.telemetry","source":"/fleets/north","id":"e-1","subject":"pump-07",
        "time":"2024-01-02T03:04:05.250Z","dataschema":"dtmi:example:pump;1","component":"motor","module":"vitals","generation":"7",
        "sequence":"0042","devicetime":"2024-01-02T03:04:04Z","datacontenttype":"application/json; v=2","data":{"speed":12}}
        """#

    // MARK: - Binary

    @Test func `in binary mode headers are the attributes and the value is the data`() {
        let event = Self.binary(
            #"{"speed":12}"#, [("ce_component", "motor"), ("ce_module", "vitals"), ("ce_generation", "7"), ("ce_sequence", "0042")]
        ).decoded()
        #expect(event.envelope == .cloudEvents)
        #expect(event.kind == .telemetry)
        #expect(event.deviceID == "pump-07")
        #expect(event.tenant == "/fleets/north")
        #expect(event.module == "vitals")
        #expect(event.component == "motor")
        #expect(event.templateRef == Self.model)
        #expect(event.identityGeneration == "7")
        #expect(event.sequence == "0042")
        #expect(event.messageID == "/fleets/north e-1")
        #expect(event.contentType == "application/json")
        #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.250000Z")
        #expect(event.serviceTime == event.eventTime)
        #expect(event.pointers == [""])
        #expect(event.sections.first?.shape == .members)
        #expect(event.notices.isEmpty)
    }

    @Test func `the bytes of a binary event may be AMQP's too`() {
        var record = SampleRecord(#"{"speed":12}"#)
        for (name, text) in [("ce_specversion", "1.0"), ("ce_type", "x.telemetry"), ("ce_source", "s"), ("ce_id", "e"), ("ce_subject", "pump")] {
            let value = [0xA1, UInt8(text.utf8.count)] + Array(text.utf8)
            HeaderBytes.append(name: name.rawBytes, value: value.rawBytes, to: &record.headers)
        }
        #expect(record.decoded().kind == .telemetry)
        #expect(record.decoded().deviceID == "pump")
        #expect(record.decoded().notices.isEmpty)
    }

    @Test(arguments: ["ce_id", "ce_source", "ce_specversion", "ce_type"])
    func `a required attribute that is missing, null or empty is held against a binary event`(name: String) {
        for record in [Self.binary("{}", without: name), Self.binary("{}", [(name, nil)]), Self.binary("{}", [(name, "")])] {
            let event = record.decoded()
            #expect(event.envelope == .cloudEvents)
            #expect(event.notices == [DecoderNotice(rule: .envelopeInvalid, path: "header:\(name)", expected: "a text", actual: "nothing")])
            #expect(event.kind == (name == "ce_specversion" || name == "ce_type" ? .unsupported : .telemetry))
            #expect(event.deviceID == "pump-07")
        }
    }

    @Test func `what only resembles a binary event is none`() {
        let headers: [(String, [UInt8]?)] = [
            ("ce_id", Array("1".utf8)), ("ce_type", Array("x.telemetry".utf8)), ("CE_SPECVERSION", Array("1.0".utf8)),
        ]
        #expect(SampleRecord("{}", headers: headers).decoded().envelope == .none)
        #expect(Self.binary("{}").decoded(settings: SourceSettings(envelope: .hono)).envelope == .none)
        #expect(Self.binary("{}").decoded(settings: SourceSettings(envelope: .cloudEvents)).envelope == .cloudEvents)
    }

    @Test func `another version of the specification is not read`() {
        let event = Self.binary("{}", [("ce_specversion", "0.3")]).decoded()
        #expect(event.kind == .unsupported)
        #expect(event.notices == [DecoderNotice(rule: .schemaUnsupported, path: "header:ce_specversion", expected: "1.0", actual: "0.3")])
    }

    @Test func `a null value is an event without data, and no fault`() {
        #expect(Self.binary(nil).decoded().kind == .tombstone)
        #expect(Self.binary(nil).decoded().deviceID == "pump-07")
        #expect(Self.binary(nil, type: "com.example.other").decoded().kind == .tombstone)
        #expect(Self.binary(nil, type: "dev.hindcast.device.connected").decoded().kind == .connected)
        #expect(Self.binary(nil, type: "dev.hindcast.device.error").decoded().kind == .tombstone)
        for type in ["com.example.pump.telemetry", "dev.hindcast.device.connected", "dev.hindcast.device.error"] {
            #expect(Self.binary(nil, type: type).decoded().notices.isEmpty)
        }
    }

    @Test func `an empty value is as good as none where no data is needed`() {
        #expect(Self.binary("", type: "dev.hindcast.device.connected").decoded().syntaxError == nil)
        #expect(Self.binary("", type: "dev.hindcast.device.connected").decoded().kind == .connected)
        #expect(Self.binary("").decoded().syntaxError?.reason.rawValue == "empty")
        #expect(Self.binary("").decoded().kind == .telemetry)
    }

    @Test func `telemetry that is not JSON stays the device's telemetry`() {
        let event = Self.binary(#"{"speed":"#).decoded()
        #expect(event.kind == .telemetry)
        #expect(event.deviceID == "pump-07")
        #expect(event.syntaxError?.reason.rawValue == "truncated")
        #expect(event.sections.isEmpty)
    }

    @Test func `data of types that are not ours is held to be JSON only where it says so`() {
        let other = Self.binary("<order/>", [("content-type", "application/xml")], type: "com.example.order").decoded()
        #expect(other.kind == .unsupported)
        #expect(other.syntaxError == nil)
        #expect(other.notices.isEmpty)
        let declared = Self.binary("{", [("content-type", "application/vnd.order+JSON; v=1")], type: "com.example.order").decoded()
        #expect(declared.kind == .unsupported)
        #expect(declared.syntaxError != nil)
    }

    @Test(arguments: [("dtmi:a;1", "dtmi:a;1"), ("urn:a:b:1", "urn:a:b:1"), ("https://example.com/schema", ""), ("", "")])
    func `a data schema is a template where it is a model's id`(schema: String, template: String) {
        #expect(Self.binary("{}", [("ce_dataschema", schema)]).decoded().templateRef == template)
    }

    @Test func `the extension tenant comes before the source`() {
        let event = Self.binary("{}", [("ce_tenant", "north")]).decoded()
        #expect(event.tenant == "north")
        #expect(event.messageID == "/fleets/north e-1")
    }

    @Test func `a time that is none is held against the event`() {
        let event = Self.binary("{}", [("ce_time", "yesterday")]).decoded()
        #expect(event.serviceTime == nil)
        #expect(event.eventTime == SampleRecord.brokerTime)
        #expect(
            event.notices == [DecoderNotice(rule: .envelopeInvalid, path: "header:ce_time", expected: "a time (RFC 3339)", actual: "yesterday")])
    }

    @Test func `an event whose time ran out is kept and marked`() {
        #expect(Self.binary("{}", [("ce_expirytime", "2024-01-02T03:04:06Z")]).decoded().isExpired)
        #expect(!Self.binary("{}", [("ce_expirytime", "2024-01-02T03:04:08Z")]).decoded().isExpired)
        #expect(!Self.binary("{}").decoded().isExpired)
    }

    // MARK: - Structured

    @Test func `in structured mode members are the attributes`() {
        let event = Self.structured(Self.whole).decoded()
        #expect(event.envelope == .cloudEvents)
        #expect(event.kind == .telemetry)
        #expect(event.deviceID == "pump-07")
        #expect(event.tenant == "/fleets/north")
        #expect(event.module == "vitals")
        #expect(event.component == "motor")
        #expect(event.templateRef == Self.model)
        #expect(event.identityGeneration == "7")
        #expect(event.sequence == "0042")
        #expect(event.messageID == "/fleets/north e-1")
        #expect(event.contentType == "application/json; v=2")
        #expect(event.serviceTime?.rfc3339 == "2024-01-02T03:04:05.250000Z")
        #expect(event.deviceTime?.rfc3339 == "2024-01-02T03:04:04Z")
        #expect(event.pointers == ["/data"])
        #expect(event.nodes.allSatisfy { $0 != nil })
        #expect(event.notices.isEmpty)
    }

    @Test(arguments: ["id", "source", "specversion", "type"])
    func `a required member that is missing, null, empty or no text is held against a structured event`(name: String) {
        let values = ["id": "e-1", "source": "/fleets/north", "specversion": "1.0", "type": "com.example.pump.telemetry"]
        let member = #""\#(name)":"\#(values[name] ?? "")""#
        for (text, actual) in [
            (#""x":1"#, "nothing"), (#""\#(name)":null"#, "nothing"), (#""\#(name)":"""#, "an empty string"), (#""\#(name)":5"#, "number"),
        ] {
            let event = Self.structured(Self.whole.replacing(member, with: text)).decoded()
            #expect(event.notices.count == 1)
            #expect(event.notices.first?.rule == .envelopeInvalid)
            #expect(event.notices.first?.path == "/\(name)")
            #expect(event.notices.first?.expected == "a text")
            #expect(event.notices.first?.actual == actual)
            #expect(event.kind == (name == "specversion" || name == "type" ? .unsupported : .telemetry))
            #expect(event.deviceID == "pump-07")
        }
    }

    @Test func `data and base64 data are not both allowed`() {
        let event = Self.structured(Self.whole.replacing(#""data":"#, with: #""data_base64":"e30=","data":"#)).decoded()
        #expect(event.notices.map(\.path) == ["/data_base64"])
        #expect(event.notices.first?.byteOffset == 349)
        #expect(event.pointers == ["/data"])
        let encoded = Self.structured(Self.whole.replacing(#""data":{"speed":12}"#, with: #""data_base64":"e30=""#)).decoded()
        #expect(encoded.pointers == ["/data_base64"])
        #expect(encoded.notices.isEmpty)
    }

    @Test func `telemetry without data says nothing`() {
        let event = Self.structured(Self.whole.replacing(#","data":{"speed":12}"#, with: "")).decoded()
        #expect(event.kind == .unsupported)
        #expect(event.notices.map(\.path) == ["/data"])
    }

    @Test(arguments: [
        "application/cloudevents-batch+json", "application/cloudevents+avro", "application/cloudevents", "APPLICATION/CloudEvents-Batch",
    ])
    func `batches and other event formats are not read`(type: String) {
        let event = Self.structured("[]", type: type).decoded()
        #expect(event.envelope == .cloudEvents)
        #expect(event.kind == .unsupported)
        #expect(event.deviceID == "key")
        #expect(
            event.notices == [
                DecoderNotice(rule: .schemaUnsupported, path: "header:content-type", expected: "application/cloudevents+json", actual: type)
            ])
        #expect(Self.structured("Obj\u{1}", type: type).decoded().syntaxError == nil)
    }

    @Test func `a structured event is one object`() {
        #expect(Self.structured("[]").decoded().notices.map(\.rule) == [.schemaUnsupported])
        #expect(Self.structured("[]").decoded().kind == .unsupported)
        #expect(Self.structured("5").decoded().notices.map(\.rule) == [.envelopeInvalid])
        #expect(Self.structured("5").decoded().kind == .undecodable)
        let truncated = Self.structured("{").decoded()
        #expect(truncated.envelope == .cloudEvents)
        #expect(truncated.kind == .undecodable)
        #expect(truncated.deviceID == "key")
        #expect(truncated.syntaxError != nil)
        #expect(Self.structured(nil).decoded().kind == .tombstone)
        #expect(Self.structured(nil).decoded().notices.isEmpty)
    }

    @Test func `the content type of a structured event is told without regard to case`() {
        #expect(Self.structured(Self.whole, type: "Application/CloudEvents+JSON").decoded().kind == .telemetry)
        #expect(Self.structured(Self.whole, type: "text/cloudevents+json").decoded().envelope == .none)
    }
}
