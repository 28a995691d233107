import Diagnostics
import Foundation
import JSON
import Testing

/// The export's envelope, schema `default@v1`.
struct DecoderEnvelopeTests {
    @Test(
        arguments: [
            ("telemetry", nil, .telemetry), ("telemetry", "anything", .telemetry),
            ("properties", "devicePropertyReportedChange", .propertyReported), ("properties", "devicePropertyDesiredChange", .propertyDesired),
            ("properties", "cloudPropertyChange", .propertyCloud), ("properties", "devicePropertyReported", .unsupported),
            ("properties", nil, .unsupported),
            ("deviceConnectivity", "connected", .connected), ("deviceConnectivity", "disconnected", .disconnected),
            ("deviceConnectivity", "Connected", .unsupported), ("deviceConnectivity", nil, .unsupported),
            ("deviceLifecycle", "registered", .registered), ("deviceLifecycle", "deleted", .deleted),
            ("deviceLifecycle", "provisioned", .provisioned),
            ("deviceLifecycle", "enabled", .enabled), ("deviceLifecycle", "disabled", .disabled), ("deviceLifecycle", "displayNameChanged", .renamed),
            ("deviceLifecycle", "deviceTemplateChanged", .templateAssigned), ("deviceLifecycle", "connected", .unsupported),
            ("deviceTemplateLifecycle", "created", .templateLifecycle), ("deviceTemplateLifecycle", "updated", .templateLifecycle),
            ("deviceTemplateLifecycle", "deleted", .templateLifecycle), ("deviceTemplateLifecycle", "archived", .unsupported),
            ("audit", "created", .audit), ("audit", "updated", .audit), ("audit", "deleted", .audit), ("audit", "read", .unsupported),
            ("audit", nil, .unsupported), ("deviceJobs", "created", .unsupported), ("", "connected", .unsupported),
        ] as [(String, String?, EventKind)])
    func `every source and type has its kind, and others are unsupported`(source: String, type: String?, kind: EventKind) {
        let event = SampleRecord(SampleExport.message(source: source, type: type)).decoded()
        #expect(event.kind == kind)
        #expect(event.envelope == .iotCentral)
        #expect(event.tenant == SampleExport.application)
        #expect(event.deviceID == SampleExport.device)
        #expect(event.templateRef == SampleExport.template)
        #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
    }

    @Test func `a whole telemetry message fills every column`() {
        let payload = SampleExport.message(
            source: "telemetry",
            members: #","telemetry":{"temperature":21.5},"module":"vitals","component":"motor","#
                + #""messageProperties":{"iothub-creation-time-utc":"2024-01-02T03:04:04.021Z"},"extra":[1,{"deviceId":"no"}]"#)
        let event = SampleRecord(payload, key: "other", headers: [("iotcentral-device-id", Array("another".utf8))]).decoded()
        #expect(event.kind == .telemetry)
        #expect(event.deviceID == SampleExport.device)
        #expect(event.module == "vitals")
        #expect(event.component == "motor")
        #expect(event.deviceTime?.rfc3339 == "2024-01-02T03:04:04.021000Z")
        #expect(event.body != nil)
        #expect(event.nodes.allSatisfy { $0 != nil })
        #expect(event.syntaxError == nil)
    }

    @Test func `members come in any order, among unknown ones`() {
        var members = [
            #""applicationId":"app""#, #""messageSource":"properties""#, #""messageType":"cloudPropertyChange""#, #""schema":"default@v1""#,
            #""deviceId":"d""#, #""templateId":"t""#, #""enqueuedTime":"2024-01-02T03:04:05Z""#, #""enrichments":{"schema":"x"}"#, #""module":"m""#,
            #""component":"c""#, #""properties":[]"#, #""somethingNew":{"messageType":"connected"}"#, #""":null"#,
        ]
        let expected = SampleRecord("{" + members.joined(separator: ",") + "}").decoded()
        #expect(expected.kind == .propertyCloud)
        #expect(expected.module == "m")
        var random = SeededRandom(seed: 9)
        for _ in 0..<100 {
            members.shuffle(using: &random)
            var event = SampleRecord("{" + members.joined(separator: " ,\n") + "}").decoded()
            #expect(event.body != nil)
            event.body = expected.body
            event.nodes = expected.nodes
            event.sections = expected.sections
            #expect(event == expected)
        }
    }

    @Test func `of a repeated member the last one counts, if it is a string`() {
        let twice = SampleExport.message(source: "telemetry", members: #","telemetry":1,"telemetry":{},"deviceId":"second","templateId":"u""#)
        let event = SampleRecord(twice).decoded()
        #expect(event.deviceID == "second")
        #expect(event.templateRef == "u")
        let noString = SampleExport.message(source: "telemetry", members: #","deviceId":7"#)
        #expect(SampleRecord(noString).decoded().deviceID == "")
    }

    @Test func `names and values may be escaped`() {
        let payload = #"""
            {"\u0061pplicationId":"app","messageSource":"tele\u006detry","schema":"default\u0040v1","device\u0049d":"pump\u002d\u00e9\ud83c\udfed\"",
            "templateId":"dtmi:\/x","enqueuedTime":"2024-01-02T04:04:05.5\u002B01:00","telemetry":{},
            "messageProperties":{"iothub-creation-time\u002dutc":"2024-01-02T03:04:04\u002b00:00"},"component":"a\u0000b"}
            """#
        let event = SampleRecord(payload).decoded()
        #expect(event.kind == .telemetry)
        #expect(event.deviceID == "pump-é🏭\"")
        #expect(event.templateRef == "dtmi:/x")
        #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.500000Z")
        #expect(event.deviceTime?.rfc3339 == "2024-01-02T03:04:04Z")
        #expect(event.component == #"a\u0000b"#)
    }

    @Test(
        arguments: [
            ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"), ("2024-01-02T03:04:05.1Z", "2024-01-02T03:04:05.100000Z"),
            ("2024-01-02T03:04:05.1234567Z", "2024-01-02T03:04:05.123456Z"), ("2024-01-02T03:04:05.078161042Z", "2024-01-02T03:04:05.078161Z"),
            ("2024-01-02T05:04:05+02:00", "2024-01-02T03:04:05Z"),
        ])
    func `times have any number of fraction digits`(text: String, instant: String) {
        #expect(SampleRecord(SampleExport.message(source: "telemetry", time: text)).decoded().eventTime.rfc3339 == instant)
    }

    @Test func `a clock that is no time leaves the device's time unknown`() {
        for clock in [#""2024-01-02T03:04:05""#, "5", "null", #""""#] {
            let payload = SampleExport.message(source: "telemetry", members: #","messageProperties":{"iothub-creation-time-utc":\#(clock)}"#)
            #expect(SampleRecord(payload).decoded().deviceTime == nil)
        }
        #expect(SampleRecord(SampleExport.message(source: "telemetry", members: #","messageProperties":[]"#)).decoded().deviceTime == nil)
    }

    @Test(
        arguments: [
            #"{"applicationId":"a","deviceId":"x"}"#, #"{"messageSource":"telemetry"}"#, #"{"schema":"default@v1","telemetry":{}}"#, "{}",
            #"{"deviceId":"x"}"#, #"{"device":{"id":"x"}}"#, #"{"device":"x","messageSource":"telemetry"}"#,
        ])
    func `one of the three members that mark it is not enough for this envelope`(payload: String) {
        let event = SampleRecord(payload, key: "from-key").decoded()
        #expect(event.envelope == .none)
        #expect(event.kind == .undecodable)
        #expect(event.deviceID == "from-key")
        #expect(event.templateRef == "")
        #expect(event.body == nil)
        #expect(event.hasDocument)
        #expect(event.eventTime == SampleRecord.brokerTime)
    }

    @Test(
        arguments: [
            (SampleExport.message(source: "telemetry").replacing(#""schema":"default@v1""#, with: #""schema":null"#), ["/schema"], ["null"]),
            (SampleExport.message(source: "telemetry").replacing("applicationId", with: "applicationID"), ["/applicationId"], ["nothing"]),
            (SampleExport.message(source: "telemetry").replacing("messageSource", with: "source"), ["/messageSource"], ["nothing"]),
            (
                #"{"applicationId":7,"messageSource":["telemetry"],"deviceId":"pump-07"}"#, ["/applicationId", "/messageSource", "/schema"],
                ["number", "array", "nothing"]
            ),
        ] as [(String, [String], [String])])
    func `half of an envelope is said to be one, with what it lacks`(payload: String, paths: [String], actual: [String]) {
        let event = SampleRecord(payload, key: "from-key").decoded()
        #expect(event.envelope == .iotCentral)
        #expect(event.kind == .unsupported)
        #expect(event.deviceID == "pump-07")
        #expect(event.sections.isEmpty)
        #expect(event.notices.map(\.rule) == paths.map { _ in .envelopeInvalid })
        #expect(event.notices.map(\.path) == paths)
        #expect(event.notices.map(\.actual) == actual)
        let nameless = SampleRecord(payload.replacing("deviceId", with: "device_"), key: "from-key").decoded()
        #expect(nameless.deviceID == "from-key")
    }

    @Test(arguments: ["default@v2", "default@v10", "Default@v1", ""])
    func `a schema that is not known is kept and said to be unsupported`(schema: String) {
        let payload = SampleExport.telemetry(#"{"a":1}"#).replacing("default@v1", with: schema)
        let event = SampleRecord(payload).decoded()
        #expect(event.envelope == .iotCentral)
        #expect(event.kind == .unsupported)
        #expect(event.deviceID == SampleExport.device)
        #expect(event.sections.isEmpty)
        let offset = payload.utf8.count - payload[(payload.range(of: #""\#(schema)""#)?.lowerBound ?? payload.endIndex)...].utf8.count
        #expect(
            event.notices == [
                DecoderNotice(
                    rule: .schemaUnsupported, path: "/schema", byteOffset: offset, expected: "default@v1 or default@preview", actual: schema)
            ])
    }

    @Test func `a time that is none is noticed, and the broker's counts`() {
        let event = SampleRecord(SampleExport.telemetry("{}", time: "soon")).decoded()
        #expect(event.serviceTime == nil)
        #expect(event.eventTime == SampleRecord.brokerTime)
        #expect(event.notices.map(\.path) == ["/enqueuedTime"])
        #expect(event.notices.map(\.rule) == [.envelopeInvalid])
        #expect(event.notices.map(\.actual) == ["soon"])
        #expect(event.kind == .telemetry)
    }

    @Test func `what carries no values has no body`() {
        #expect(SampleRecord(SampleExport.message(source: "telemetry")).decoded().body == nil)
        let connected = SampleExport.message(source: "deviceConnectivity", type: "connected", members: #","telemetry":{},"properties":[]"#)
        #expect(SampleRecord(connected).decoded().body == nil)
        let mixed = #","telemetry":{},"properties":[]"#
        let telemetry = SampleRecord(SampleExport.message(source: "telemetry", members: mixed)).decoded()
        let reported = SampleRecord(SampleExport.message(source: "properties", type: "devicePropertyReportedChange", members: mixed)).decoded()
        #expect(telemetry.body != nil)
        #expect(reported.body != nil)
    }

    @Test func `an envelope without a device names none, whatever the key says`() {
        let payload = SampleExport.message(source: "audit", type: "created", device: nil, template: nil)
        let event = SampleRecord(payload, key: "key").decoded()
        #expect(event.kind == .audit)
        #expect(event.deviceID == "")
    }

    @Test func `a device id of 3,000 bytes is bounded`() {
        let event = SampleRecord(SampleExport.message(source: "telemetry", device: String(repeating: "x", count: 3000))).decoded()
        #expect(event.deviceID.utf8.count == 128)
    }
}
