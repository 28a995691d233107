import Diagnostics
import LogSupport

/// For one rule a message that breaks it and one, as like it as can be, that keeps it; where a rule has a limit, just beyond it and just within.
struct RuleCase {
    /// What a device sends at a time.
    typealias Message = @Sendable (_ device: String, _ time: Timestamp) -> SampleRecord

    let rule: Rule
    let bad: Message
    let good: Message
    /// Causes that the good message speaks for all the same.
    var ofGood: [String] = []

    init(_ rule: Rule, bad: @escaping Message, good: @escaping Message, ofGood: [String] = []) {
        self.rule = rule
        self.bad = bad
        self.good = good
        self.ofGood = ofGood
    }

    // MARK: - Messages

    private static func values(_ json: String, component: String? = nil, module: String? = nil, template: String? = stationID) -> Message {
        let place = (component.map { #","component":"\#($0)""# } ?? "") + (module.map { #","module":"\#($0)""# } ?? "")
        return { .exported("telemetry", device: $0, template: template, #","telemetry":\#(json)\#(place)"#, at: $1) }
    }

    private static func properties(_ type: String, _ name: String, _ value: String) -> Message {
        { .exported("properties", type: type, device: $0, #","properties":[{"name":"\#(name)","value":\#(value)}]"#, at: $1) }
    }

    private static func desired(_ name: String, _ value: String) -> Message { properties("devicePropertyDesiredChange", name, value) }

    private static func reported(_ name: String, _ value: String) -> Message { properties("devicePropertyReportedChange", name, value) }

    private static func routed(
        _ payload: String, type: String? = "application/json", encoding: String? = "utf-8", component: String? = nil
    ) -> Message {
        { .routed(device: $0, payload, type: type, encoding: encoding, component: component, at: $1) }
    }

    /// Telemetry whose service's time is so many seconds after the broker's.
    private static func enqueued(after seconds: Int) -> Message {
        { .exported("telemetry", device: $0, #","telemetry":{"temperature":1}"#, enqueued: $1.shifted(by: Int64(seconds) * 1_000_000), at: $1) }
    }

    /// Telemetry of a device whose clock is so many seconds ahead of the service's.
    private static func clock(ahead seconds: Int) -> Message {
        { device, time in
            let clock = time.shifted(by: Int64(seconds) * 1_000_000).rfc3339
            return .exported(
                "telemetry", device: device, #","telemetry":{"temperature":1},"messageProperties":{"iothub-creation-time-utc":"\#(clock)"}"#, at: time
            )
        }
    }

    /// A half envelope: without the member that says which format it is.
    private static let half: Message = { device, time in
        let whole = String(decoding: plain(device, time).payload ?? [], as: UTF8.self)
        return SampleRecord(
            key: Array(device.utf8), payload: Array(whole.replacing(#""schema":"default@v1","#, with: "").utf8), brokerTime: time)
    }

    private static let plain = values(#"{"temperature":21.5}"#)

    // MARK: - Cases

    static let all: [RuleCase] = payload + envelope + places + names + kept

    private static let payload = [
        RuleCase(.jsonInvalid, bad: routed(#"{"temperature":1,}"#), good: routed(#"{"temperature":1}"#)),
        RuleCase(.jsonNotObject, bad: routed(#"[{"temperature":1}]"#), good: routed(#"{"temperature":1}"#)),
        RuleCase(.jsonDuplicateKey, bad: routed(#"{"temperature":1,"temperature":2}"#), good: routed(#"{"temperature":1,"pressure":2}"#)),
        RuleCase(.payloadEmpty, bad: routed(" \n"), good: routed("{}")),
        RuleCase(
            .payloadTooLarge, bad: routed(#"{"label":""# + String(repeating: "x", count: 262_133) + #""}"#),
            good: routed(#"{"label":""# + String(repeating: "x", count: 262_132) + #""}"#)),
        RuleCase(.contentTypeUnexpected, bad: routed("{}", type: "text/plain"), good: routed("{}", type: "application/json; charset=utf-8")),
        RuleCase(.contentTypeUnexpected, bad: routed("{}", type: nil), good: routed("{}")),
        RuleCase(.contentEncodingUnexpected, bad: routed("\u{1F}x", encoding: "gzip"), good: routed("{}", encoding: "UTF-8")),
    ]

    private static let envelope = [
        RuleCase(.envelopeInvalid, bad: half, good: plain),
        RuleCase(
            .schemaUnsupported, bad: { .exported("telemetry", device: $0, schema: "default@v9", #","telemetry":{"temperature":1}"#, at: $1) },
            good: { .exported("telemetry", device: $0, schema: "default@v1", #","telemetry":{"temperature":1}"#, at: $1) }),
        // A day and a second, and a day; and 30 days, which is as long as the device then has been silent.
        RuleCase(.eventTimeImplausible, bad: enqueued(after: 86_401), good: plain),
        RuleCase(.eventTimeImplausible, bad: enqueued(after: -2_592_001), good: enqueued(after: -2_592_000), ofGood: ["silent/possible"]),
        RuleCase(.clockSkew, bad: clock(ahead: 301), good: clock(ahead: 300)),
        RuleCase(.templateUnassigned, bad: values(#"{"temperature":1}"#, template: nil), good: plain),
        RuleCase(.templateUnknown, bad: values(#"{"temperature":1}"#, template: "dtmi:test:unheard;1"), good: plain),
    ]

    private static let places = [
        RuleCase(.moduleUnknown, bad: values("{}", module: "Vitals"), good: values("{}", module: "vitals")),
        RuleCase(.componentUnknown, bad: values(#"{"speed":1}"#, component: "Motor"), good: values(#"{"speed":1}"#, component: "motor")),
        RuleCase(.componentUnknown, bad: routed(#"{"speed":1}"#, component: "gear"), good: routed(#"{"speed":1}"#, component: "motor")),
        RuleCase(.componentMissing, bad: values(#"{"speed":1}"#), good: values(#"{"speed":1}"#, component: "motor")),
        RuleCase(
            .componentWrapped, bad: routed(#"{"motor":{"__t":"c","speed":1}}"#), good: routed(#"{"speed":1}"#, component: "motor")),
        RuleCase(
            .edgeRuntimeOutdated, bad: values(#"{"charge":1}"#, module: "vitals"),
            good: values(#"{"charge":1}"#, component: "battery", module: "vitals")),
        RuleCase(.edgeRuntimeOutdated, bad: values(#"{"pulse":1,"charge":1}"#, module: "vitals"), good: values(#"{"pulse":1}"#, module: "vitals")),
    ]

    private static let names = [
        RuleCase(.capabilityUndefined, bad: values(#"{"humidity":1}"#), good: plain),
        RuleCase(.capabilityCase, bad: values(#"{"Temperature":1}"#), good: plain),
        RuleCase(.capabilityKind, bad: values(#"{"serial":"x"}"#), good: reported("serial", #""x""#)),
        RuleCase(.capabilityCloud, bad: values(#"{"customer":"x"}"#), good: properties("cloudPropertyChange", "customer", #""x""#)),
        RuleCase(.capabilityAmbiguous, bad: values(#"{"level":1}"#), good: plain),
        RuleCase(.nameInvalid, bad: values(#"{"room temperature":1}"#), good: plain),
        RuleCase(.nameReserved, bad: values(#"{"PartitionId":1}"#), good: plain),
    ]

    private static let kept = [
        RuleCase(.schemaMismatch, bad: values(#"{"temperature":"21"}"#), good: plain),
        RuleCase(.numberNotInteger, bad: values(#"{"strokes":1.0}"#), good: values(#"{"strokes":1}"#)),
        RuleCase(.numberOutOfRange, bad: values(#"{"strokes":2147483648}"#), good: values(#"{"strokes":2147483647}"#)),
        RuleCase(.datetimeWithoutOffset, bad: values(#"{"serviced":"2024-01-02T03:04:05"}"#), good: values(#"{"serviced":"2024-01-02T03:04:05Z"}"#)),
        RuleCase(.enumUnknown, bad: values(#"{"state":"ON"}"#), good: values(#"{"state":"on"}"#)),
        RuleCase(.fieldUndefined, bad: values(#"{"reading":{"value":1,"Unit":"x"}}"#), good: values(#"{"reading":{"value":1,"unit":"x"}}"#)),
        RuleCase(.fieldRequired, bad: values(#"{"reading":{"unit":"x"}}"#), good: values(#"{"reading":{"value":1}}"#)),
        RuleCase(.valueNull, bad: values(#"{"temperature":null}"#), good: reported("target", "null")),
        RuleCase(.valueConstraint, bad: values(#"{"pressure":10.5}"#), good: values(#"{"pressure":10}"#)),
        RuleCase(.propertyNotWritable, bad: desired("serial", #""x""#), good: desired("target", "1")),
        RuleCase(
            .ackMalformed, bad: reported("target", #"{"value":1,"ac":"200","av":1}"#), good: reported("target", #"{"value":1,"ac":200,"av":1}"#)),
    ]
}
