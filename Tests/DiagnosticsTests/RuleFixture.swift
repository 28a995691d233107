import Diagnostics
import JSON

/// For one rule a record that breaks it and one, as like it as can be, that keeps it.
struct RuleFixture {
    /// By which template both are judged.
    enum Template { case sample, unassigned, unknown, broken, twins }

    let rule: Rule
    let bad: SampleRecord
    let good: SampleRecord
    var template = Template.sample
    /// The template of the record that keeps the rule, where it is another.
    var goodTemplate: Template?

    func judgement(of record: SampleRecord) throws -> Judgement {
        let isGood = record.payload == good.payload && record.headers == good.headers
        let template = isGood ? goodTemplate ?? template : template
        return Judgement(record, by: try Self.inForce(template), failure: template == .broken ? Self.failure : nil)
    }

    private static let failure = Finding(rule: .ruleFailed, byteOffset: 0, expected: "a template", actual: "none that can be read")

    private static func inForce(_ template: Template) throws -> TemplateInForce {
        switch template {
        case .sample: .version(try SampleTemplate.published())
        case .unassigned: .unassigned
        case .unknown, .broken: .unknown(templateID: "dtmi:example:missing;1")
        case .twins: .version(try SampleTemplate.published(source: twins))
        }
    }

    /// Two inherited interfaces with one name.
    private static let twins = #"""
        {"@id":"dtmi:example:twins;1","@type":"ModelDefinition","capabilityModel":{"@id":"dtmi:example:twinsModel;1","@type":"Interface",
        "contents":[{"@type":"Telemetry","name":"own","schema":"double"}],"extends":[
          {"@id":"dtmi:example:left;1","@type":"Interface","contents":[{"@type":"Telemetry","name":"level","schema":"double"}]},
          {"@id":"dtmi:example:right;1","@type":"Interface","contents":[{"@type":"Telemetry","name":"level","schema":"string"}]}]}}
        """#

    // MARK: - Records

    private static func values(_ json: String, component: String? = nil, module: String? = nil) -> SampleRecord {
        SampleRecord(SampleExport.telemetry(json, component: component, module: module), key: SampleExport.device)
    }

    private static func reported(_ json: String) -> SampleRecord { SampleRecord(SampleExport.properties(json), key: SampleExport.device) }

    private static func desired(_ json: String) -> SampleRecord {
        SampleRecord(SampleExport.properties(json, type: "devicePropertyDesiredChange"), key: SampleExport.device)
    }

    private static func export(_ time: String, device: String? = SampleExport.device, members: String = "") -> SampleRecord {
        SampleRecord(
            SampleExport.message(source: "telemetry", device: device, time: time, members: #","telemetry":{"temperature":1}"# + members))
    }

    private static func clock(_ time: String) -> SampleRecord {
        export("2024-01-02T03:04:05.123Z", members: #","messageProperties":{"iothub-creation-time-utc":"\#(time)"}"#)
    }

    /// Telemetry as IoT Hub hands it on.
    static func hub(_ payload: String, type: String? = "application/json", encoding: String? = "utf-8", component: String? = nil) -> SampleRecord {
        var headers: [(String, [UInt8]?)] = [
            ("iothub-connection-device-id", Array(SampleExport.device.utf8)), ("iothub-message-source", Array("Telemetry".utf8)),
        ]
        if let type { headers.append(("content-type", Array(type.utf8))) }
        if let encoding { headers.append(("content-encoding", Array(encoding.utf8))) }
        if let component { headers.append(("dt-subject", Array(component.utf8))) }
        return SampleRecord(payload, headers: headers)
    }

    private static let plain = values(#"{"temperature":21.5}"#)

    // MARK: - Fixtures

    static let all: [RuleFixture] =
        payload + envelope + capability
        + [
            RuleFixture(rule: .templateUnassigned, bad: plain, good: values("{}"), template: .unassigned, goodTemplate: .sample),
            RuleFixture(rule: .templateUnknown, bad: plain, good: values("{}"), template: .unknown, goodTemplate: .sample),
            RuleFixture(rule: .ruleFailed, bad: plain, good: values("{}"), template: .broken, goodTemplate: .sample),
            RuleFixture(rule: .schemaMismatch, bad: values(#"{"temperature":"21"}"#), good: plain),
            RuleFixture(rule: .numberNotInteger, bad: values(#"{"strokes":1.0}"#), good: values(#"{"strokes":1}"#)),
            RuleFixture(rule: .numberOutOfRange, bad: values(#"{"strokes":2147483648}"#), good: values(#"{"strokes":2147483647}"#)),
            RuleFixture(
                rule: .datetimeWithoutOffset, bad: values(#"{"serviced":"2024-01-02T03:04:05"}"#),
                good: values(#"{"serviced":"2024-01-02T03:04:05Z"}"#)),
            RuleFixture(rule: .enumUnknown, bad: values(#"{"state":"ON"}"#), good: values(#"{"state":"on"}"#)),
            RuleFixture(
                rule: .fieldUndefined, bad: values(#"{"reading":{"value":1,"Unit":"x"}}"#), good: values(#"{"reading":{"value":1,"unit":"x"}}"#)),
            RuleFixture(rule: .fieldRequired, bad: values(#"{"reading":{"unit":"x"}}"#), good: values(#"{"reading":{"value":1}}"#)),
            RuleFixture(rule: .valueNull, bad: values(#"{"temperature":null}"#), good: reported(#"[{"name":"target","value":null}]"#)),
            RuleFixture(rule: .valueConstraint, bad: values(#"{"pressure":11}"#), good: values(#"{"pressure":10}"#)),
            RuleFixture(
                rule: .propertyNotWritable, bad: desired(#"[{"name":"serial","value":"x"}]"#), good: desired(#"[{"name":"target","value":1}]"#)),
            RuleFixture(
                rule: .ackMalformed, bad: reported(#"[{"name":"target","value":{"value":1,"ac":"200","av":1}}]"#),
                good: reported(#"[{"name":"target","value":{"value":1,"ac":200,"av":1,"ad":"done"}}]"#)),
            RuleFixture(
                rule: .ackMalformed, bad: reported(#"[{"name":"target","value":{"value":1,"ac":200}}]"#),
                good: reported(#"[{"name":"target","value":1}]"#)),
        ]

    private static let payload: [RuleFixture] = [
        RuleFixture(rule: .jsonInvalid, bad: hub(#"{"temperature":1,}"#), good: hub(#"{"temperature":1}"#)),
        RuleFixture(rule: .jsonNotObject, bad: hub(#"[{"temperature":1}]"#), good: hub(#"{"temperature":1}"#)),
        RuleFixture(
            rule: .jsonDuplicateKey, bad: hub(#"{"reading":{"value":1,"v\u0061lue":2}}"#), good: hub(#"{"reading":{"value":1},"temperature":1}"#)),
        RuleFixture(rule: .payloadEmpty, bad: hub(" \n"), good: hub("{}")),
        RuleFixture(
            rule: .payloadTooLarge, bad: hub(#"{"label":""# + String(repeating: "x", count: 262_133) + #""}"#),
            good: hub(#"{"label":""# + String(repeating: "x", count: 262_132) + #""}"#)),
        RuleFixture(rule: .contentTypeUnexpected, bad: hub("{}", type: "text/plain"), good: hub("{}", type: "Application/JSON; charset=UTF-8")),
        RuleFixture(rule: .contentTypeUnexpected, bad: hub("{}", type: nil), good: plain),
        RuleFixture(rule: .contentEncodingUnexpected, bad: hub("\u{1F}x", encoding: "gzip"), good: hub("{}", encoding: "UTF-8")),
        RuleFixture(rule: .jsonInvalid, bad: hub("\u{1F}x"), good: hub("\u{1F}x", encoding: "gzip")),
    ]

    private static let envelope: [RuleFixture] = [
        RuleFixture(rule: .envelopeInvalid, bad: SampleRecord(#"{"temperature":1}"#), good: plain),
        RuleFixture(
            rule: .schemaUnsupported,
            bad: SampleRecord(
                SampleExport.telemetry("{}").replacing("default@v1", with: "default@v9"), key: SampleExport.device), good: plain),
        RuleFixture(
            rule: .deviceIDMissing, bad: export("2024-01-02T03:04:05.123Z", device: nil),
            good: SampleRecord(SampleExport.message(source: "audit", type: "created", device: nil))),
        RuleFixture(rule: .eventTimeImplausible, bad: export("2200-01-01T00:00:00Z"), good: export("2024-01-02T03:04:05.123Z")),
        RuleFixture(rule: .clockSkew, bad: clock("2024-01-02T03:10:00Z"), good: clock("2024-01-02T03:09:00Z")),
    ]

    private static let capability: [RuleFixture] = [
        RuleFixture(rule: .moduleUnknown, bad: values("{}", module: "Vitals"), good: values("{}", module: "vitals")),
        RuleFixture(rule: .moduleUnknown, bad: values("{}", module: "other"), good: values("{}", module: "$edgeAgent")),
        RuleFixture(rule: .componentUnknown, bad: hub("{}", component: "Motor"), good: hub("{}", component: "motor")),
        RuleFixture(rule: .componentMissing, bad: hub(#"{"speed":1}"#), good: hub(#"{"speed":1}"#, component: "motor")),
        RuleFixture(
            rule: .componentWrapped, bad: hub(#"{"motor":{"__t":"c","speed":1}}"#), good: hub(#"{"speed":1}"#, component: "motor")),
        RuleFixture(rule: .componentWrapped, bad: hub(#"{"motor":{"speed":1}}"#), good: hub(#"{"motor":1}"#)),
        RuleFixture(rule: .componentWrapped, bad: hub(#"{"__t":"c","temperature":1}"#), good: hub(#"{"temperature":1}"#)),
        RuleFixture(
            rule: .edgeRuntimeOutdated, bad: values(#"{"charge":1}"#, module: "vitals"),
            good: values(#"{"charge":1}"#, component: "battery", module: "vitals")),
        RuleFixture(rule: .capabilityUndefined, bad: values(#"{"humidity":1}"#), good: plain),
        RuleFixture(rule: .capabilityCase, bad: values(#"{"Temperature":1}"#), good: plain),
        RuleFixture(rule: .capabilityKind, bad: values(#"{"serial":"x"}"#), good: reported(#"[{"name":"serial","value":"x"}]"#)),
        RuleFixture(
            rule: .capabilityCloud, bad: values(#"{"customer":"x"}"#),
            good: SampleRecord(SampleExport.properties(#"[{"name":"customer","value":"x"}]"#, type: "cloudPropertyChange"))),
        RuleFixture(rule: .capabilityAmbiguous, bad: values(#"{"level":1}"#), good: values(#"{"own":1}"#), template: .twins),
        RuleFixture(rule: .schemaMismatch, bad: values(#"{"level":true}"#), good: values(#"{"level":"high"}"#), template: .twins),
        RuleFixture(rule: .nameInvalid, bad: values(#"{"room temperature":1}"#), good: values(#"{"room_temperature":1}"#)),
        RuleFixture(rule: .nameInvalid, bad: values(#"{"1a":1}"#), good: values(#"{"a1":1}"#), template: .unassigned),
        RuleFixture(rule: .nameReserved, bad: values(#"{"PartitionId":1}"#), good: values(#"{"PartitionID":1}"#)),
    ]
}
