import Diagnostics
import JSON
import Testing

/// The shapes beside `default@v1` that IoT Central's export has, or had.
struct DecoderCentralShapesTests {
    // MARK: - default@preview

    @Test func `the schema of 2020 is read like its successor`() {
        let payload = #"[{"component":"motor","fieldName":"limit","value":12}]"#
        let event = SampleRecord(SampleExport.properties(payload).replacing("default@v1", with: "default@preview")).decoded()
        #expect(event.envelope == .iotCentralPreview)
        #expect(event.kind == .propertyReported)
        #expect(event.deviceID == SampleExport.device)
        #expect(event.tenant == SampleExport.application)
        #expect(event.templateRef == SampleExport.template)
        #expect(event.pointers == ["/properties"])
        #expect(event.sections.first?.shape == .list)
        #expect(event.notices.isEmpty)
        let telemetry = SampleRecord(SampleExport.telemetry("{}").replacing("default@v1", with: "default@preview")).decoded()
        #expect(telemetry.kind == .telemetry)
        #expect(telemetry.sections.first?.shape == .members)
    }

    // MARK: - Transforms

    private static let transform = """
        {"applicationId":"app","messageSource":"telemetry","enqueuedTime":"2024-01-02T03:04:05.123Z",
        "device":{"id":"pump-07","name":"Pump","templateId":"dtmi:example:pump;1","templateName":"Pump",
        "properties":{"reported":[{"id":"urn:x:1","name":"serial","value":7}]},"cloudProperties":[],"simulated":true,"approved":true,
        "blocked":false,"provisioned":true},"telemetry":[{"id":"urn:x:2","name":"temperature","value":21.5}],"module":"vitals",
        "component":"motor","enrichments":{},"messageProperties":{"iothub-creation-time-utc":"2024-01-02T03:04:04Z"}}
        """

    @Test func `a transform's input has its device in an object and its telemetry in a list`() {
        let event = SampleRecord(Self.transform, key: "key").decoded()
        #expect(event.envelope == .iotCentralTransform)
        #expect(event.kind == .telemetry)
        #expect(event.tenant == "app")
        #expect(event.deviceID == "pump-07")
        #expect(event.templateRef == "dtmi:example:pump;1")
        #expect(event.module == "vitals")
        #expect(event.component == "motor")
        #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
        #expect(event.deviceTime?.rfc3339 == "2024-01-02T03:04:04Z")
        #expect(event.pointers == ["/telemetry"], "a device's properties are state, not news")
        #expect(event.sections.first?.shape == .list)
        #expect(event.sections.first?.kind == .telemetry)
        #expect(event.nodes.allSatisfy { $0 != nil })
    }

    @Test(
        arguments: [
            (#"{"device":{"id":"d"},"telemetry":[]}"#, .telemetry, ["/telemetry"], "d"),
            (#"{"device":{"id":"d"},"messageSource":"telemetry","telemetry":{"a":1}}"#, .telemetry, ["/telemetry"], "d"),
            (
                #"{"device":{"id":"d"},"messageSource":"properties","messageType":"cloudPropertyChange","properties":[]}"#, .propertyCloud,
                ["/properties"], "d"
            ),
            (#"{"device":{"id":"d"},"messageSource":"deviceConnectivity","messageType":"connected"}"#, .connected, [], "d"),
            (#"{"device":{"id":"d"},"enqueuedTime":"2024-01-02T03:04:05Z"}"#, .unsupported, [], "d"),
            (#"{"device":{},"messageSource":"telemetry","telemetry":[]}"#, .telemetry, ["/telemetry"], ""),
            (#"{"device":{"id":7},"messageSource":"telemetry","telemetry":[]}"#, .telemetry, ["/telemetry"], ""),
        ] as [(String, EventKind, [String], String)])
    func `every source comes in the shape of a transform`(payload: String, kind: EventKind, pointers: [String], device: String) {
        let event = SampleRecord(payload, key: "key").decoded()
        #expect(event.envelope == .iotCentralTransform)
        #expect(event.kind == kind)
        #expect(event.pointers == pointers)
        #expect(event.deviceID == device)
    }

    // MARK: - Until 2022

    @Test func `a device's own message has its device in headers`() {
        let headers: [(String, [UInt8]?)] = [
            ("iotcentral-device-id", [0xA1, 0x07] + Array("pump-07".utf8)), ("iotcentral-application-id", [0xA1, 0x03] + Array("app".utf8)),
            ("iotcentral-message-source", [0xA3, 0x09] + Array("telemetry".utf8)),
            ("x-opt-enqueued-time", [0x83, 0x00, 0x00, 0x01, 0x8C, 0xC8, 0x20, 0xD9, 0x03]),
        ]
        for payload in [#"{"temperature":21.5}"#, "[1]"] {
            let event = SampleRecord(payload, key: "partition-3", headers: headers).decoded()
            #expect(event.envelope == .iotCentralLegacy)
            #expect(event.kind == .telemetry)
            #expect(event.deviceID == "pump-07")
            #expect(event.tenant == "app")
            #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
            #expect(event.pointers == [""])
            #expect(event.sections.first?.shape == .members)
        }
        let nameless = SampleRecord("{}", key: "partition-3", headers: [headers[2]]).decoded()
        #expect(nameless.envelope == .iotCentralLegacy)
        #expect(nameless.deviceID == "", "a partition's key is no device")
    }

    @Test func `a header does not hide an envelope in the body`() {
        let headers: [(String, [UInt8]?)] = [("iotcentral-message-source", Array("telemetry".utf8))]
        #expect(SampleRecord(SampleExport.telemetry("{}"), headers: headers).decoded().envelope == .iotCentral)
        #expect(SampleRecord(Self.transform, headers: headers).decoded().envelope == .iotCentralTransform)
    }

    private static let snapshot = #"""
        {"id":"pump-07","etag":"e","displayName":"Pump","instanceOf":"dtmi:example:pump;1","simulated":false,"provisioned":true,"approved":true,
        "properties":{"motor":{"limit":1,"$metadata":{"limit":{"lastUpdateTime":"2021-01-01T00:00:00Z"}}}}}
        """#

    @Test func `a snapshot of a device is state`() {
        let headers: [(String, [UInt8]?)] = [("iotcentral-message-source", Array("devices".utf8))]
        for event in [SampleRecord(Self.snapshot, headers: headers).decoded(), SampleRecord(Self.snapshot).decoded()] {
            #expect(event.envelope == .iotCentralLegacy)
            #expect(event.kind == .twin)
            #expect(event.deviceID == "pump-07")
            #expect(event.templateRef == "dtmi:example:pump;1")
            #expect(event.sections.isEmpty)
            #expect(event.notices.isEmpty)
        }
        #expect(SampleRecord(Self.snapshot.replacing(#""provisioned":true"#, with: #""provisioned":"yes""#)).decoded().envelope == .none)
        #expect(SampleRecord(Self.snapshot.replacing("instanceOf", with: "template")).decoded().envelope == .none)
    }

    @Test func `the names before February 2020 begin with an at sign`() {
        let device = #"{"@id":"pump-07","@type":"Device","displayName":"Pump","instanceOf":"urn:pump:1","data":{"$cloudProperties":{"a":1}}}"#
        let event = SampleRecord(device, key: "key").decoded()
        #expect(event.envelope == .iotCentralLegacy)
        #expect(event.kind == .twin)
        #expect(event.deviceID == "pump-07")
        #expect(event.templateRef == "urn:pump:1")
        let template = SampleRecord(device.replacing("Device", with: "DeviceTemplate"), key: "key").decoded()
        #expect(template.kind == .templateLifecycle)
        #expect(template.deviceID == "")
        #expect(template.templateRef == "pump-07")
        #expect(SampleRecord(device.replacing("Device", with: "Interface")).decoded().envelope == .none)
        #expect(SampleRecord(device.replacing("@id", with: "id")).decoded().envelope == .none)
    }

    @Test func `a snapshot of a template is about no device`() {
        let headers: [(String, [UInt8]?)] = [
            ("iotcentral-message-source", Array("deviceTemplates".utf8)), ("iotcentral-device-id", Array("x".utf8)),
        ]
        let event = SampleRecord(#"{"id":"urn:pump:1","displayName":"Pump"}"#, key: "key", headers: headers).decoded()
        #expect(event.kind == .templateLifecycle)
        #expect(event.templateRef == "urn:pump:1")
        #expect(event.deviceID == "")
        let invalid = SampleRecord(" [1]", headers: headers).decoded()
        #expect(invalid.kind == .unsupported)
        #expect(
            invalid.notices == [
                DecoderNotice(rule: .envelopeInvalid, path: "", byteOffset: 1, expected: "a snapshot: an object", actual: "array")
            ])
    }

    @Test func `a line of an export's file carries the message in its body`() {
        let line = #"""
            {"EnqueuedTimeUtc":"2024-01-02T03:04:05.1230000Z","Properties":{"iothub-creation-time-utc":"2024-01-02T03:04:04Z"},
            "SystemProperties":{"connectionDeviceId":"pump-07","connectionModuleId":"vitals","connectionDeviceGenerationId":"638","messageId":"m-1",
            "contentType":"application/json","contentEncoding":"utf-8","dt-subject":"motor","dt-dataschema":"dtmi:example:pump;1"},
            "Body":{"speed":12}}
            """#
        let event = SampleRecord(line, key: "key").decoded()
        #expect(event.envelope == .iotCentralLegacy)
        #expect(event.kind == .telemetry)
        #expect(event.deviceID == "pump-07")
        #expect(event.module == "vitals")
        #expect(event.component == "motor")
        #expect(event.templateRef == "dtmi:example:pump;1")
        #expect(event.identityGeneration == "638")
        #expect(event.messageID == "m-1")
        #expect(event.contentType == "application/json")
        #expect(event.contentEncoding == "utf-8")
        #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
        #expect(event.deviceTime?.rfc3339 == "2024-01-02T03:04:04Z")
        #expect(event.pointers == ["/Body"])
        let noBody = SampleRecord(line.replacing(#""Body""#, with: #""body""#)).decoded()
        #expect(noBody.kind == .unsupported)
        #expect(noBody.notices.map(\.path) == ["/Body"])
        let nameless = SampleRecord(#"{"EnqueuedTimeUtc":7,"SystemProperties":{},"Body":{}}"#, key: "key").decoded()
        #expect(nameless.deviceID == "")
        #expect(nameless.notices.map(\.path) == ["/EnqueuedTimeUtc"])
        #expect(SampleRecord(#"{"EnqueuedTimeUtc":"x","SystemProperties":[],"Body":{}}"#).decoded().envelope == .none)
    }

    @Test func `with another format chosen none of these is read`() {
        for payload in [Self.transform, Self.snapshot, SampleExport.telemetry("{}")] {
            #expect(SampleRecord(payload).decoded(settings: SourceSettings(envelope: .hono)).envelope == .none)
            #expect(SampleRecord(payload).decoded(settings: SourceSettings(envelope: .iotCentral)).envelope != .none)
        }
    }

    // MARK: - Raw

    @Test func `raw payloads are devices' own messages, each of the key's device`() {
        let raw = SourceSettings(tenant: "fleet", envelope: .raw)
        let event = SampleRecord(SampleExport.telemetry("{}"), key: "pump-09", headers: [("content-type", Array("text/x".utf8))]).decoded(
            settings: raw)
        #expect(event.envelope == .raw)
        #expect(event.kind == .telemetry)
        #expect(event.deviceID == "pump-09")
        #expect(event.tenant == "fleet")
        #expect(event.contentType == "text/x")
        #expect(event.pointers == [""])
        #expect(SampleRecord(nil, key: "pump-09").decoded(settings: raw).kind == .tombstone)
        #expect(SampleRecord("{", key: "pump-09").decoded(settings: raw).kind == .telemetry)
        #expect(SampleRecord("{}").decoded(settings: raw).deviceID == "")
    }
}
