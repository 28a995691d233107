import Diagnostics
import JSON
import Testing

/// IoT Hub through the Kafka endpoint: headers tell what a message is, the payload is the device's or the hub's.
struct DecoderIoTHubTests {
    // MARK: - Telemetry

    @Test func `telemetry with every header is read byte for byte`() {
        let deviceID: [UInt8] = [
            0xA1, 0x10, 0x73, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0x2D, 0x64, 0x65, 0x76, 0x69, 0x63, 0x65, 0x2D, 0x30, 0x31,
        ]
        let source: [UInt8] = [0xA1, 0x09, 0x54, 0x65, 0x6C, 0x65, 0x6D, 0x65, 0x74, 0x72, 0x79]
        let headers: [(String, [UInt8]?)] = [
            ("iothub-connection-device-id", deviceID), ("iothub-message-source", source),
            ("iothub-connection-module-id", [0xA1, 0x06] + Array("vitals".utf8)),
            ("iothub-connection-auth-generation-id", [0xA1, 0x12] + Array("638400000000000000".utf8)),
            ("iothub-enqueuedtime", [0x83, 0x00, 0x00, 0x01, 0x8C, 0xC8, 0x20, 0xD9, 0x03]),
            ("iothub-creation-time-utc", [0xA1, 0x18] + Array("2024-01-02T03:04:04.021Z".utf8)),
            ("dt-dataschema", [0xA1, 0x13] + Array("dtmi:example:pump;1".utf8)), ("dt-subject", [0xA1, 0x05] + Array("motor".utf8)),
            ("message-id", Array("m-1".utf8)), ("content-type", Array("application/json".utf8)), ("content-encoding", Array("utf-8".utf8)),
        ]
        let event = SampleRecord(#"{"speed":12}"#, headers: headers).decoded()
        #expect(event.envelope == .iotHub)
        #expect(event.kind == .telemetry)
        #expect(event.deviceID == "sample-device-01")
        #expect(event.module == "vitals")
        #expect(event.component == "motor")
        #expect(event.templateRef == "dtmi:example:pump;1")
        #expect(event.identityGeneration == "638400000000000000")
        #expect(event.messageID == "m-1")
        #expect(event.contentType == "application/json")
        #expect(event.contentEncoding == "utf-8")
        #expect(event.serviceTime?.rfc3339 == "2024-01-02T03:04:05.123000Z")
        #expect(event.eventTime == event.serviceTime)
        #expect(event.deviceTime?.rfc3339 == "2024-01-02T03:04:04.021000Z")
        #expect(event.tenant == "")
        #expect(event.sequence == "")
        #expect(event.pointers == [""])
        #expect(event.sections.first?.shape == .members)
        #expect(event.sections.first?.kind == .telemetry)
        #expect(event.notices.isEmpty)
    }

    @Test func `plain headers are read like AMQP's`() {
        let plain: [(String, [UInt8]?)] = [
            ("iothub-connection-device-id", Array("pump".utf8)), ("iothub-message-source", Array("Telemetry".utf8)), ("dt-subject", Array("A".utf8)),
            ("iothub-enqueuedtime", Array("2024-01-02T03:04:05.123Z".utf8)),
            ("iothub-app-iothub-creation-time-utc", Array("2024-01-02T03:04:04+00:00".utf8)),
        ]
        let event = SampleRecord("{}", headers: plain).decoded()
        #expect(event.deviceID == "pump")
        #expect(event.component == "A")
        #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
        #expect(event.deviceTime?.rfc3339 == "2024-01-02T03:04:04Z")
    }

    @Test(arguments: ["iothub-connection-device-id", "iothub-message-source", "iothub-message-schema"])
    func `one of three headers makes it this format`(name: String) {
        #expect(SampleRecord("{}", headers: [(name, SampleHub.text("x"))]).decoded().envelope == .iotHub)
        #expect(SampleRecord("{}", headers: [(name, nil)]).decoded().envelope == .none)
        #expect(SampleRecord("{}", headers: [(name + "s", SampleHub.text("x"))]).decoded().envelope == .none)
    }

    @Test func `a device's own properties do not say who it is`() {
        let spoof: [(String, [UInt8]?)] = [("deviceId", SampleHub.text("other")), ("moduleId", SampleHub.text("other"))]
        let event = SampleHub.telemetry(#"{"deviceId":"other"}"#, spoof).decoded()
        #expect(event.deviceID == SampleHub.device)
        #expect(event.module == "")
        let nameless = SampleRecord("{}", key: "key", headers: spoof + [("iothub-message-source", SampleHub.text("Telemetry"))]).decoded()
        #expect(nameless.deviceID == "")
    }

    @Test func `telemetry that is no JSON, or nothing, is telemetry of its device`() {
        for payload in ["", "{", "\u{1}", nil] {
            let event = SampleHub.telemetry(payload).decoded()
            #expect(event.kind == .telemetry)
            #expect(event.deviceID == SampleHub.device)
            #expect(event.sections.isEmpty)
            #expect((event.syntaxError == nil) == (payload == nil))
        }
        #expect(SampleHub.telemetry("[1]").decoded().pointers == [""])
    }

    @Test func `the old name of a component counts where the new one is missing`() {
        let old: [(String, [UInt8]?)] = [("iothub-interface-name", SampleHub.text("old"))]
        #expect(SampleHub.telemetry("{}", old).decoded().component == "old")
        #expect(SampleHub.telemetry("{}", old + [("dt-subject", SampleHub.text("new"))]).decoded().component == "new")
    }

    @Test func `a hub's time that is none is noticed, and the broker's counts`() {
        let event = SampleHub.telemetry("{}", [("iothub-enqueuedtime", [0xA1, 0x01, 0x78])]).decoded()
        #expect(event.serviceTime == nil)
        #expect(event.eventTime == SampleRecord.brokerTime)
        #expect(
            event.notices == [DecoderNotice(rule: .envelopeInvalid, path: "header:iothub-enqueuedtime", expected: "a time", actual: "x")])
    }

    // MARK: - Twins

    @Test(
        arguments: [
            (#"{"properties":{"reported":{"a":1,"$version":2}}}"#, .propertyReported, ["/properties/reported"]),
            (
                #"{"version":7,"tags":{"t":"x"},"properties":{"desired":{"a":1,"$metadata":{},"$version":6}}}"#, .propertyDesired,
                ["/properties/desired"]
            ),
            (#"{"properties":{"desired":{},"reported":{}}}"#, .twin, ["/properties/reported", "/properties/desired"]),
            (#"{"version":7,"tags":{"t":"x"}}"#, .twin, []), (#"{"properties":{}}"#, .twin, []),
            (#"{"properties":{"reported":null}}"#, .propertyReported, ["/properties/reported"]),
        ] as [(String, EventKind, [String])])
    func `a twin change has the sections that changed`(payload: String, kind: EventKind, pointers: [String]) {
        for operation in ["updateTwin", "replaceTwin"] {
            let bySource = SampleHub.notification("twinChangeEvents", operation: operation, payload).decoded()
            let bySchema = SampleHub.notification(nil, schema: "twinChangeNotification", operation: operation, payload).decoded()
            #expect(bySource == bySchema)
            #expect(bySource.kind == kind)
            #expect(bySource.pointers == pointers)
            #expect(bySource.sections.allSatisfy { $0.shape == .twin && $0.pointer.hasSuffix($0.kind == .propertyReported ? "reported" : "desired") })
            #expect(bySource.deviceID == SampleHub.device)
            #expect(bySource.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
            #expect(bySource.notices.isEmpty)
        }
    }

    @Test func `a twin names its model where no header does`() {
        let payload = #"{"modelId":"dtmi:example:other;1","properties":{"reported":{}}}"#
        #expect(SampleHub.notification("twinChangeEvents", operation: "replaceTwin", payload).decoded().templateRef == "dtmi:example:other;1")
        let header: [(String, [UInt8]?)] = [("dt-dataschema", SampleHub.text("dtmi:example:pump;1"))]
        let named = SampleHub.notification("twinChangeEvents", operation: "replaceTwin", more: header, payload).decoded()
        #expect(named.templateRef == "dtmi:example:pump;1")
    }

    @Test(
        arguments: [
            ("updateTwin", "[]", "", "a twin: an object", "array"), ("updateTwin", nil, "", "a twin: an object", "no payload"),
            ("updateTwin", #"{"properties":[]}"#, "/properties", "an object", "array"),
            ("twist", "{}", "header:opType", "updateTwin or replaceTwin", "twist"),
        ] as [(String, String?, String, String, String)])
    func `a twin change in another shape is noticed`(operation: String, payload: String?, path: String, expected: String, actual: String) {
        let event = SampleHub.notification("twinChangeEvents", operation: operation, payload).decoded()
        #expect(event.kind == .twin)
        #expect(event.notices.map(\.rule) == [.envelopeInvalid])
        #expect(event.notices.first?.path == path)
        #expect(event.notices.first?.expected == expected)
        #expect(event.notices.first?.actual == actual)
    }

    @Test func `a digital twin change is a patch of what the device reported`() {
        let payload = #"[{"op":"add","path":"/speed","value":42.5}]"#
        for time in ["2024-01-02T03:04:05.1230000+00:00", "2024-01-02T03:04:05.123Z"] {
            let event = SampleHub.notification("digitalTwinChangeEvents", schema: "digitalTwinChangeNotification", time: time, payload).decoded()
            #expect(event.kind == .propertyReported)
            #expect(event.pointers == [""])
            #expect(event.sections.first?.shape == .jsonPatch)
            #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
        }
    }

    // MARK: - Lifecycle and connections

    @Test(
        arguments: [
            ("createDeviceIdentity", .registered, nil), ("deleteDeviceIdentity", .deleted, nil), ("createModuleIdentity", .registered, "edge"),
            ("deleteDeviceIdentity", .deleted, "edge"),
        ] as [(String, EventKind, String?)])
    func `identities are made and removed, of devices and of modules`(operation: String, kind: EventKind, module: String?) {
        let more: [(String, [UInt8]?)] = module.map { [("moduleId", SampleHub.text($0))] } ?? []
        let body = #"{"deviceId":"sample-device-01","properties":{"desired":{"$metadata":{"$lastUpdated":"0001-01-01T00:00:00Z"}}}}"#
        let event = SampleHub.notification("deviceLifecycleEvents", operation: operation, more: more, body).decoded()
        #expect(event.kind == kind)
        #expect(event.module == module ?? "")
        #expect(event.sections.isEmpty)
        #expect(event.notices.isEmpty)
        #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
    }

    @Test func `the year 1 is no time`() {
        let year1 = "0001-01-01T00:00:00Z"
        let event = SampleHub.notification("deviceLifecycleEvents", operation: "createDeviceIdentity", time: year1, "{}").decoded()
        #expect(event.serviceTime == nil)
        #expect(event.eventTime == SampleRecord.brokerTime)
        #expect(event.notices.isEmpty)
        let enqueued: [(String, [UInt8]?)] = [("iothub-enqueuedtime", SampleHub.enqueued)]
        let other = SampleHub.notification("deviceLifecycleEvents", operation: "createDeviceIdentity", time: year1, more: enqueued, "{}").decoded()
        #expect(other.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
    }

    @Test func `the body names device and module where headers do not`() {
        let headers: [(String, [UInt8]?)] = [
            ("iothub-message-source", SampleHub.text("deviceLifecycleEvents")), ("opType", SampleHub.text("createDeviceIdentity")),
        ]
        let event = SampleRecord(#"{"deviceId":"d","moduleId":"m"}"#, key: "key", headers: headers).decoded()
        #expect(event.deviceID == "d")
        #expect(event.module == "m")
    }

    private static let sequence = "000000000000000001D8713FF7E0851400000002000000000000000000000007"

    @Test(arguments: [("deviceConnected", EventKind.connected), ("deviceDisconnected", .disconnected)])
    func `connections carry a number of 256 bits`(operation: String, kind: EventKind) {
        for number in [Self.sequence, Self.sequence.lowercased()] {
            let payload = #"{"sequenceNumber":"\#(number)"}"#
            let event = SampleHub.notification("deviceConnectionStateEvents", operation: operation, payload).decoded()
            #expect(event.kind == kind)
            #expect(event.sequence == Self.sequence)
            #expect(event.notices.isEmpty)
        }
    }

    @Test(
        arguments: [
            ("{}", "/sequenceNumber", "nothing"), (#"{"sequenceNumber":7}"#, "/sequenceNumber", "number"),
            (#"{"sequenceNumber":"7"}"#, "/sequenceNumber", "other text"),
            (#"{"sequenceNumber":"\#(String(repeating: "G", count: 64))"}"#, "/sequenceNumber", "other text"), ("[]", "", "array"),
        ])
    func `a connection's number that is none is noticed`(payload: String, path: String, actual: String) {
        let event = SampleHub.notification("deviceConnectionStateEvents", operation: "deviceConnected", payload).decoded()
        #expect(event.kind == .connected)
        #expect(event.sequence == "")
        #expect(event.notices.map(\.path) == [path])
        #expect(event.notices.map(\.actual) == [actual])
        #expect(event.notices.map(\.rule) == [.envelopeInvalid])
    }

    @Test(
        arguments: [
            ("deviceJobLifecycleEvents", nil, "x", "header:iothub-message-source"), (nil, "somethingNew", nil, "header:iothub-message-schema"),
            ("deviceLifecycleEvents", nil, "renameDevice", "header:opType"), ("deviceConnectionStateEvents", nil, nil, "header:opType"),
        ] as [(String?, String?, String?, String)])
    func `what the hub may send one day is kept and said to be unsupported`(source: String?, schema: String?, operation: String?, path: String) {
        let payload = #"{"sequenceNumber":"\#(Self.sequence)"}"#
        let event = SampleHub.notification(source, schema: schema, operation: operation, payload).decoded()
        #expect(event.kind == .unsupported)
        #expect(event.envelope == .iotHub)
        #expect(event.deviceID == SampleHub.device)
        #expect(event.notices.map(\.rule) == [.schemaUnsupported])
        #expect(event.notices.map(\.path) == [path])
    }
}
