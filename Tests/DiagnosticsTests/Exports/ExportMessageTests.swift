import Diagnostics
import JSON
import Testing

/// Events of any format as an export writes them.
struct ExportMessageTests {
    private static func hono(_ payload: String?, _ more: [(String, String)] = []) -> SampleRecord {
        let headers = [("device_id", "pump-07"), ("creation-time", "1704164645123"), ("tenant_id", "t"), ("orig_adapter", "mqtt")] + more
        return SampleRecord(payload, headers: headers.map { ($0.0, Array($0.1.utf8)) })
    }

    private static func native(_ type: String, _ data: String?, _ more: [(String, String)] = []) -> SampleRecord {
        let headers =
            [
                ("ce_specversion", "1.0"), ("ce_id", "1"), ("ce_source", "/s"), ("ce_type", type), ("ce_subject", "pump-07"),
                ("ce_time", "2024-01-02T03:04:05.123456Z"),
            ] + more
        return SampleRecord(data, headers: headers.map { ($0.0, Array($0.1.utf8)) })
    }

    private static let raw = SourceSettings(tenant: "t", envelope: .raw)

    /// A record of every shape that the decoders know and an export sends.
    private static let records: [SampleRecord] =
        [
            SampleHub.telemetry(#"{"a":1.50, "b":[1,{"x":null}]}"#, [("dt-subject", SampleHub.text("motor")), ("level", SampleHub.text("high"))]),
            SampleHub.telemetry(
                #"[1,2]"#,
                [("iothub-connection-module-id", SampleHub.text("edge")), ("iothub-creation-time-utc", Array("2024-01-02T03:04:04Z".utf8))]),
            SampleHub.telemetry("7"), SampleHub.telemetry(#"{"a":1,"a":2,"\u00e9":"\ud83d\ude00"}"#),
            SampleHub.notification(
                "twinChangeEvents", operation: "updateTwin",
                #"{"properties":{"reported":{"serial":"x","motor":{"__t":"c","limit":{"value":{"value":7},"ac":200,"av":1}},"gone":null,"$version":9}}}"#
            ),
            SampleHub.notification(
                "twinChangeEvents", operation: "updateTwin", #"{"properties":{"reported":{"a":{"value":1}},"desired":{"b":{"c":[1]}}}}"#),
            SampleHub.notification("twinChangeEvents", operation: "updateTwin", #"{"properties":{"desired":[1]}}"#),
            SampleHub.notification(
                "digitalTwinChangeEvents",
                #"[{"op":"add","path":"/motor/limit","value":7},{"op":"remove","path":"/a~1b"},{"op":"add","path":"/m/p/q","value":1}]"#),
            SampleHub.notification("deviceLifecycleEvents", operation: "createDeviceIdentity", #"{"deviceId":"sample-device-01"}"#),
            SampleHub.notification("deviceLifecycleEvents", operation: "deleteDeviceIdentity", nil),
            SampleHub.connection(device: "pump-07", isConnected: true, number: 7, "2024-01-02T03:04:05.1230000Z"),
            SampleHub.connection(device: "pump-07", isConnected: false, number: 8, "2024-01-02T03:04:05.1230000Z"),
            hono(#"{"a":1}"#), hono(nil, [("content-type", "application/vnd.eclipse-hono-empty-notification"), ("ttd", "-1")]),
            hono(#"{"cause":"disconnected"}"#, [("content-type", "application/vnd.eclipse-hono-dc-notification+json")]),
            hono(nil, [("content-type", "application/vnd.eclipse-hono-device-provisioning-notification"), ("hono_registration_status", "NEW")]),
            native("dev.hindcast.telemetry", #"{"a":{"b":1}}"#, [("ce_component", "motor"), ("ce_module", "edge")]),
            native("com.example.telemetry", #""text""#), native("dev.hindcast.property.reported", #"{"a":{"value":1,"ac":200,"av":2},"b":null}"#),
            native("dev.hindcast.property.desired", #"{"a":1}"#, [("ce_component", "motor")]),
            native("dev.hindcast.property.cloud", #"{"customer":"x"}"#),
            native("dev.hindcast.device.connected", nil), native("dev.hindcast.device.registered", #"{"simulated":true}"#),
            native("dev.hindcast.device.provisioned", "{}"), native("dev.hindcast.device.enabled", nil), native("dev.hindcast.device.disabled", nil),
            native("dev.hindcast.device.renamed", #"{"displayName":"n"}"#), native("dev.hindcast.device.deleted", nil),
            native("dev.hindcast.device.template-assigned", #"{"template":"dtmi:a;1"}"#),
            SampleRecord(
                #"{"specversion":"1.0","id":"1","source":"/s","type":"dev.hindcast.telemetry","subject":"d","time":"2024-01-02T03:04:05Z","data":{"a":1}}"#,
                headers: [("content-type", Array("application/cloudevents+json".utf8))]),
            SampleRecord(
                #"{"specversion":"1.0","id":"1","source":"/s","type":"dev.hindcast.property.reported","subject":"d","data_base64":"eyJhIjp7ImIiOjF9fQ=="}"#,
                headers: [("content-type", Array("application/cloudevents+json".utf8))]),
            SampleRecord(
                SampleExport.properties(#"[{"fieldName":"a","value":1},{"fieldName":"b","component":"c","module":"m","value":{"value":2}}]"#)
                    .replacing("default@v1", with: "default@preview")),
            SampleRecord(
                #"{"device":{"id":"d","name":"n","templateId":"dtmi:a;1"},"messageSource":"telemetry","enqueuedTime":"2024-01-02T03:04:05.5Z","telemetry":[{"name":"t","value":5}],"messageProperties":{"p":"q"},"enrichments":{"e":1}}"#
            ),
            SampleRecord(
                #"{"device":{"id":"d"},"messageSource":"audit","messageType":"updated","enqueuedTime":"2024-01-02T03:04:05.5Z","actor":{"id":"a"},"resource":{"id":"r"},"updated":{"x":1}}"#
            ),
            SampleRecord(
                #"{"device":{"id":"d"},"messageSource":"deviceTemplateLifecycle","messageType":"created","templateId":"dtmi:a;1","enqueuedTime":"2024-01-02T03:04:05.5Z"}"#
            ),
            SampleRecord(
                #"{"EnqueuedTimeUtc":"2024-01-02T03:04:05Z","Properties":{},"SystemProperties":{"connectionDeviceId":"d"},"Body":{"a":1}}"#),
            SampleRecord(#"{"a":1}"#, headers: [("iotcentral-message-source", Array("telemetry".utf8)), ("iotcentral-device-id", Array("d".utf8))]),
            SampleRecord(#"{"id":"dtmi:a;1"}"#, headers: [("iotcentral-message-source", Array("deviceTemplates".utf8))]),
        ]

    @Test func `a message of any format decodes again to an event that says the same`() throws {
        for (place, record) in Self.records.enumerated() {
            let messages = try #require(ExportFixture.messages(record), "record \(place): \(record.decoded().kind)")
            for (part, message) in messages.enumerated() {
                let again = SampleRecord(message)
                let event = again.decoded()
                #expect(event.envelope == .iotCentral)
                #expect(event.tenant == SampleExport.application)
                #expect(event.notices.isEmpty && event.syntaxError == nil, "record \(place): \(event.notices)")
                #expect(ExportFixture.fingerprint(again) == ExportFixture.fingerprint(record, part: part), "record \(place): \(message)")
                #expect(event.deviceID == record.decoded().deviceID)
                // And sent once more it is the same, byte for byte.
                #expect(ExportFixture.messages(again) == [message])
            }
        }
    }

    @Test func `payloads of raw sources too`() throws {
        let record = SampleRecord(#"{"a":1}"#, key: "pump-07")
        let message = try #require(ExportFixture.messages(record, settings: Self.raw)?.first)
        #expect(ExportFixture.fingerprint(SampleRecord(message)) == ExportFixture.fingerprint(record, settings: Self.raw))
    }

    @Test func `a message of the format stays as it is, byte for byte`() {
        for message in [
            SampleExport.telemetry("{ \"a\" : 1.0 , \"a\":2 }\n"), SampleExport.properties(#"[{"name":"a","value":{"value":1,"ac":200,"av":1}}]"#),
            SampleExport.message(source: "audit", type: "created", device: nil, template: nil, members: #","actor":{"id":"x"}"#),
        ] {
            #expect(ExportFixture.messages(SampleRecord(message)) == [message])
        }
    }

    @Test func `the members are the format's`() throws {
        let message = try #require(ExportFixture.messages(Self.records[0])?.first)
        #expect(
            message
                == #"{"applicationId":"\#(SampleExport.application)","messageSource":"telemetry","deviceId":"sample-device-01","schema":"default@v1","#
                + #""templateId":"dtmi:example:pump;1","enqueuedTime":"2024-01-02T03:04:05.123Z","component":"motor","enrichments":{},"#
                + #""telemetry":{"a":1.50, "b":[1,{"x":null}]},"messageProperties":{"level":"high"}}"#)
        let twin = try #require(ExportFixture.messages(Self.records[5]))
        #expect(twin.count == 2)
        #expect(twin[0].contains(#""messageType":"devicePropertyReportedChange""#) && twin[0].hasSuffix(#""properties":[{"name":"a","value":1}]}"#))
        #expect(twin[1].contains(#""messageType":"devicePropertyDesiredChange""#))
    }

    @Test func `there is no message of what no export sends`() {
        let error = Self.native("dev.hindcast.device.error", #"{"origin":"hub","status":400}"#)
        let tags = SampleHub.notification("twinChangeEvents", operation: "updateTwin", #"{"tags":{"a":1}}"#)
        for record in [SampleHub.telemetry("{"), SampleHub.telemetry(""), SampleRecord(nil), SampleRecord("7"), error, tags] {
            #expect(ExportFixture.messages(record) == nil)
        }
    }

    @Test func `a line is one line`() {
        let record = SampleRecord(SampleExport.telemetry("{\n\"a\":\r\n1}"))
        let line = ExportFixture.decoding(record) { event, view, decoder in
            var bytes: [UInt8] = []
            ExportMessage.appendLine(event, view, decoder: decoder, applicationID: "", to: &bytes)
            return bytes
        }
        #expect(line.filter { $0 == 0x0A }.count == 1 && line.last == 0x0A && !line.contains(0x0D))
    }

    @Test func `5,000 payloads of any values come back as they were`() throws {
        var random = SeededRandom(seed: 7_005)
        for _ in 0..<5000 {
            let record =
                Bool.random(using: &random)
                ? SampleHub.telemetry(Self.value(&random, depth: 0))
                : SampleHub.notification(
                    "twinChangeEvents", operation: "updateTwin", #"{"properties":{"reported":{"x":\#(Self.value(&random, depth: 0))}}}"#)
            let message = try #require(ExportFixture.messages(record)?.first)
            #expect(ExportFixture.fingerprint(SampleRecord(message)) == ExportFixture.fingerprint(record), "\(message)")
        }
    }

    private static func value(_ random: inout SeededRandom, depth: Int) -> String {
        let names = ["a", "value", "ac", "av", "ad", "__t", "$metadata", "\\u0000", "é", ""]
        switch Int.random(in: 0...(depth > 4 ? 3 : 6), using: &random) {
        case 0: return "\(Int.random(in: -5...5, using: &random))"
        case 1: return ["1.5e-300", "0.10", "1E400", "-0"][Int.random(in: 0...3, using: &random)]
        case 2: return ["null", "true", "false"][Int.random(in: 0...2, using: &random)]
        case 3: return [#""""#, #""x\n""#, #""\ud83d\ude00""#][Int.random(in: 0...2, using: &random)]
        case 4:
            return "[" + (0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth: depth + 1) }.joined(separator: ",") + "]"
        default:
            let members = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                "\"\(names[Int.random(in: 0..<names.count, using: &random)])\": \(value(&random, depth: depth + 1))"
            }
            return "{" + members.joined(separator: ", ") + "}"
        }
    }
}
