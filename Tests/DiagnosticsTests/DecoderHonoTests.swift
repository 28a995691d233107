import Diagnostics
import JSON
import Testing

/// Eclipse Hono's northbound API: headers that are text, messages that are told apart by their content type.
struct DecoderHonoTests {
    private static let notification = "application/vnd.eclipse-hono-"

    private static func record(_ payload: String?, _ changed: [(String, String?)] = [], type: String = "application/json") -> SampleRecord {
        let headers: [(String, String?)] = [
            ("content-type", type), ("creation-time", "1704164645250"), ("device_id", "pump-07"), ("orig_adapter", "hono-mqtt"),
            ("orig_address", "/telemetry"), ("qos", "1"),
        ]
        let kept = headers.filter { header in !changed.contains { $0.0 == header.0 } } + changed
        return SampleRecord(payload, key: "key", headers: kept.map { ($0.0, $0.1.map { Array($0.utf8) }) })
    }

    private static func settings(_ topic: String) -> SourceSettings { SourceSettings(topic: topic) }

    @Test(arguments: ["hono.telemetry.north", "hono.event.north"])
    func `a device's message`(topic: String) {
        let event = Self.record(#"{"speed":12}"#).decoded(settings: Self.settings(topic))
        #expect(event.envelope == .hono)
        #expect(event.kind == .telemetry)
        #expect(event.tenant == "north")
        #expect(event.deviceID == "pump-07")
        #expect(event.contentType == "application/json")
        #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.250000Z")
        #expect(event.serviceTime == event.eventTime)
        #expect(event.deviceTime == nil)
        #expect(event.pointers == [""])
        #expect(!event.isExpired)
        #expect(event.messageID == "")
        #expect(event.notices.isEmpty)
    }

    @Test func `the byte-exact headers of a message are read`() {
        var record = SampleRecord("{}")
        record.headers = [
            0, 0, 0, 9, 0x64, 0x65, 0x76, 0x69, 0x63, 0x65, 0x5F, 0x69, 0x64, 0, 0, 0, 4, 0x70, 0x75, 0x6D, 0x70,
            0, 0, 0, 13, 0x63, 0x72, 0x65, 0x61, 0x74, 0x69, 0x6F, 0x6E, 0x2D, 0x74, 0x69, 0x6D, 0x65,
            0, 0, 0, 13, 0x31, 0x37, 0x30, 0x34, 0x31, 0x36, 0x34, 0x36, 0x34, 0x35, 0x32, 0x35, 0x30,
        ]
        #expect(record.decoded().envelope == .hono)
        #expect(record.decoded().deviceID == "pump")
        #expect(record.decoded().serviceTime == Timestamp(milliseconds: 1_704_164_645_250))
    }

    @Test(
        arguments: [
            ("hono.telemetry.a.b", nil, "a.b"), ("hono.telemetry.", "t", "t"), ("hono.event.a", "t", "a"), ("", "t", "t"), ("other", "t", "t"),
            ("", nil, ""),
        ] as [(String, String?, String)])
    func `the tenant is the topic's, else the header's`(topic: String, header: String?, tenant: String) {
        #expect(Self.record("{}", [("tenant_id", header)]).decoded(settings: Self.settings(topic)).tenant == tenant)
    }

    @Test func `the first of headers with one name counts`() {
        var record = Self.record("{}")
        HeaderBytes.append(name: "device_id".rawBytes, value: "other".rawBytes, to: &record.headers)
        HeaderBytes.append(name: "creation-time".rawBytes, value: "5".rawBytes, to: &record.headers)
        #expect(record.decoded().deviceID == "pump-07")
        #expect(record.decoded().serviceTime == Timestamp(milliseconds: 1_704_164_645_250))
    }

    @Test func `what only resembles a message of Hono's is none`() {
        let device: [(String, [UInt8]?)] = [("device_id", Array("pump".utf8))]
        #expect(SampleRecord("{}", headers: device).decoded().envelope == .none)
        #expect(SampleRecord("{}", headers: [("creation-time", Array("5".utf8))]).decoded().envelope == .none)
        #expect(SampleRecord("{}", headers: device).decoded(settings: Self.settings("hono.telemetry.t")).envelope == .hono)
        #expect(SampleRecord("{}", headers: device + [("hono_registration_status", nil)]).decoded().envelope == .hono)
        #expect(SampleRecord("{}").decoded(settings: Self.settings("hono.notification.registry-device")).envelope == .none)
        #expect(Self.record("{}").decoded(settings: SourceSettings(envelope: .iotHub, topic: "hono.event.t")).envelope == .none)
    }

    @Test func `a message by its topic alone has the key's device, and what it lacks is said`() {
        let event = SampleRecord("{}", key: "pump").decoded(settings: Self.settings("hono.telemetry.t"))
        #expect(event.deviceID == "pump")
        #expect(event.kind == .telemetry)
        #expect(
            event.notices == [
                DecoderNotice(rule: .envelopeInvalid, path: "header:device_id", expected: "a device id", actual: "nothing"),
                DecoderNotice(rule: .envelopeInvalid, path: "header:creation-time", expected: "milliseconds since 1970", actual: "nothing"),
            ])
    }

    @Test(arguments: ["2024-01-02T03:04:05Z", "", "1e3", "99999999999999999999", "9223372036854775807"])
    func `a creation time is digits`(text: String) {
        let event = Self.record("{}", [("creation-time", text)]).decoded()
        #expect(event.serviceTime == nil)
        #expect(event.notices.map(\.path) == ["header:creation-time"])
    }

    @Test(
        arguments: [
            ("0", true, 0), ("1000", true, 0), ("2350", false, 0), ("9223372036854775807", false, 0), ("-1", false, 1), ("soon", false, 1),
        ] as [(String, Bool, Int)])
    func `a message that outlived itself is kept and marked`(life: String, isExpired: Bool, notices: Int) {
        let event = Self.record(#"{"speed":12}"#, [("ttl", life)]).decoded(settings: Self.settings("hono.event.t"))
        #expect(event.isExpired == isExpired)
        #expect(event.kind == .telemetry)
        #expect(event.notices.count == notices)
    }

    @Test func `a null value is a tombstone, and malformed telemetry is the device's`() {
        #expect(Self.record(nil).decoded().kind == .tombstone)
        #expect(Self.record(nil).decoded().deviceID == "pump-07")
        #expect(Self.record("{").decoded().kind == .telemetry)
        #expect(Self.record("{").decoded().deviceID == "pump-07")
        #expect(Self.record("{").decoded().syntaxError != nil)
    }

    // MARK: - Notifications

    @Test(
        arguments: [
            (#"{"cause":"connected","remote-id":"c-1","source":"hono-mqtt"}"#, .connected, nil),
            (#"{"cause":"disconnected"}"#, .disconnected, nil), (#"{"cause":"lost"}"#, .unsupported, "lost"), ("{}", .unsupported, "nothing"),
            ("[]", .unsupported, "nothing"), ("{", .undecodable, nil),
        ] as [(String, EventKind, String?)])
    func `a connection's notification says its cause`(payload: String, kind: EventKind, actual: String?) {
        let event = Self.record(payload, type: Self.notification + "dc-notification+json").decoded()
        #expect(event.kind == kind)
        #expect(event.deviceID == "pump-07")
        #expect(event.notices.map(\.actual) == (actual.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            ("30", .connected, 0), ("-1", .connected, 0), ("0", .disconnected, 0), (nil, .unsupported, 0), ("-2", .unsupported, 1),
            ("x", .unsupported, 1),
        ] as [(String?, EventKind, Int)])
    func `an empty notification says how long the device listens`(seconds: String?, kind: EventKind, notices: Int) {
        for payload in ["", nil] {
            let event = Self.record(payload, [("ttd", seconds)], type: Self.notification + "empty-notification").decoded()
            #expect(event.kind == kind)
            #expect(event.notices.count == notices)
            #expect(event.syntaxError == nil)
        }
        let full = Self.record("no JSON", [("ttd", seconds)], type: Self.notification + "empty-notification").decoded()
        #expect(full.notices.count == notices + 1)
        #expect(full.syntaxError == nil)
    }

    @Test(
        arguments: [
            ("30", "2024-01-02T03:04:35.250000Z"), ("0", "2024-01-02T03:04:05.250000Z"), ("-1", Timestamp.latest.rfc3339),
            ("9223372036854775807", Timestamp.latest.rfc3339), ("-2", nil), ("soon", nil), (nil, nil),
        ] as [(String?, String?)])
    func `a time until disconnect says until when the device stays, on telemetry too, which stays telemetry`(seconds: String?, end: String?) {
        let telemetry = Self.record("{}", [("ttd", seconds)]).decoded()
        #expect(telemetry.kind == .telemetry)
        #expect(telemetry.connectedUntil?.rfc3339 == end)
        #expect(telemetry.notices.isEmpty)
        let empty = Self.record("", [("ttd", seconds)], type: Self.notification + "empty-notification").decoded()
        #expect(empty.connectedUntil?.rfc3339 == end)
        #expect(empty.secondsUntilDisconnect == telemetry.secondsUntilDisconnect)
    }

    @Test(
        arguments: [("NEW", .registered, []), ("OLD", .unsupported, [.schemaUnsupported]), (nil, .unsupported, [.envelopeInvalid])]
            as [(String?, EventKind, [Rule])])
    func `a device that came by for the first time is registered`(status: String?, kind: EventKind, rules: [Rule]) {
        let event = Self.record(
            "", [("hono_registration_status", status), ("tenant_id", "north"), ("gateway_id", "gw")],
            type: Self.notification + "device-provisioning-notification"
        ).decoded()
        #expect(event.kind == kind)
        #expect(event.tenant == "north")
        #expect(event.notices.map(\.rule) == rules)
        #expect(event.syntaxError == nil)
    }

    @Test(arguments: [("404", 0), ("503", 0), ("200", 1), (nil, 1)] as [(String?, Int)])
    func `a command that did not arrive is an error of the device`(status: String?, notices: Int) {
        for topic in ["hono.command_response.t", "hono.event.t", ""] {
            let event = Self.record(
                #"{"error":"no consumer"}"#, [("status", status), ("correlation-id", "c-9")],
                type: Self.notification + "delivery-failure-notification+json"
            ).decoded(settings: Self.settings(topic))
            #expect(event.kind == .errorReport)
            #expect(event.messageID == "c-9")
            #expect(event.notices.count == notices)
        }
    }

    @Test func `an answer to a command is a receipt, whatever its bytes`() {
        let headers: [(String, String?)] = [("status", "200"), ("correlation-id", "c-9")]
        for topic in ["hono.command_response.t", ""] {
            let event = Self.record("OK!", headers).decoded(settings: Self.settings(topic))
            #expect(event.kind == .deliveryReceipt)
            #expect(event.messageID == "c-9")
            #expect(event.syntaxError == nil)
        }
        #expect(Self.record("OK!", headers).decoded(settings: Self.settings("hono.command.t")).kind == .unsupported)
    }

    @Test func `a notification of Hono's that is not known is not read`() {
        let event = Self.record("{", type: Self.notification + "other").decoded()
        #expect(event.kind == .unsupported)
        #expect(event.notices.map(\.rule) == [.schemaUnsupported])
        #expect(event.syntaxError == nil)
        #expect(Self.record("{}", type: "application/vnd.eclipse-honoured").decoded().kind == .telemetry)
    }
}
