import Diagnostics
import Testing

/// A message at a destination is found again in the log.
struct EventFingerprintTests {
    private static func fingerprint(_ record: SampleRecord) -> EventFingerprint { ExportFixture.fingerprint(record) }

    @Test func `a record of IoT Hub and IoT Central's export of it are one`() {
        let hub = SampleHub.telemetry(#"{"temperature":21.50,"state":"on","list":[1,{"b":2,"a":1e2}]}"#, [("dt-subject", SampleHub.text("motor"))])
        let central = SampleRecord(
            SampleExport.telemetry(
                #"{"list":[1.0,{"a":100,"b":2}],"state":"\u006fn","temperature":21.5}"#, component: "motor", template: "dtmi:other;1",
                device: SampleHub.device))
        #expect(Self.fingerprint(hub) == Self.fingerprint(central))
    }

    @Test func `changes of twins, patches and the export of them are one`() {
        let twin = SampleHub.notification(
            "twinChangeEvents", operation: "updateTwin",
            #"{"version":5,"properties":{"reported":{"serial":"x","motor":{"__t":"c","limit":{"value":7,"ac":200,"av":1,"ad":"ok"}},"gone":null,"$metadata":{"serial":{}},"$version":9}}}"#
        )
        let patch = SampleHub.notification(
            "digitalTwinChangeEvents",
            #"[{"op":"add","path":"/motor/limit","value":7.0},{"op":"replace","path":"/serial","value":"x"},{"op":"remove","path":"/gone"},{"op":"add","path":"/$metadata/serial","value":{}}]"#
        )
        let list = SampleRecord(
            SampleExport.properties(
                #"[{"name":"gone","value":null},{"name":"limit","component":"motor","value":7},{"value":"x","name":"serial"}]"#
            ).replacing("pump-07", with: SampleHub.device))
        #expect(Self.fingerprint(twin) == Self.fingerprint(list))
        #expect(Self.fingerprint(patch) == Self.fingerprint(list))
    }

    @Test func `telemetry as transforms are given it is one with the plain message`() {
        let plain = SampleExport.telemetry(#"{"a":1,"b":"x"}"#)
        let time = "2024-01-02T03:04:05.123Z"
        let transform =
            #"{"applicationId":"x","messageSource":"telemetry","enqueuedTime":"\#(time)","device":{"id":"pump-07"},"telemetry":[{"name":"b","value":"x"},{"name":"a","value":1}]}"#
        #expect(Self.fingerprint(SampleRecord(plain)) == Self.fingerprint(SampleRecord(transform)))
    }

    @Test func `what is below a millisecond, the tenant, the template, enrichments and message properties do not count`() {
        let message = SampleExport.telemetry(#"{"a":1}"#)
        for (text, other) in [
            ("05.123Z", "05.1239999Z"), (SampleExport.application, "other"), (SampleExport.template, "dtmi:other;9"),
            (#""enrichments":{}"#, #""enrichments":{"x":1},"messageProperties":{"p":"q"}"#),
        ] {
            #expect(Self.fingerprint(SampleRecord(message.replacing(text, with: other))) == Self.fingerprint(SampleRecord(message)))
        }
    }

    @Test func `any other difference makes another fingerprint`() {
        var records = [
            SampleExport.telemetry(#"{"a":1}"#), SampleExport.telemetry(#"{"a":1.0000000000000001}"#), SampleExport.telemetry(#"{"a":"1"}"#),
            SampleExport.telemetry(#"{"a":null}"#), SampleExport.telemetry("{}"), SampleExport.telemetry("[]"),
            SampleExport.telemetry(#"{"a":1,"b":1}"#),
            SampleExport.telemetry(#"{"a":1}"#, component: "c"), SampleExport.telemetry(#"{"a":1}"#, module: "c"),
            SampleExport.telemetry(#"{"a":1}"#, time: "2024-01-02T03:04:05.124Z"), SampleExport.telemetry(#"{"a":1}"#, device: "pump-08"),
            SampleExport.properties(#"[{"name":"a","value":1}]"#), SampleExport.properties(#"[{"name":"a","value":2}]"#),
            SampleExport.properties(#"[{"name":"a","value":1}]"#, type: "devicePropertyDesiredChange"),
            SampleExport.properties(#"[{"name":"a","value":1}]"#, type: "cloudPropertyChange"),
            SampleExport.properties(#"[{"name":"a","value":1,"component":"c"}]"#), SampleExport.properties(#"[{"name":"a","value":1,"module":"c"}]"#),
            SampleExport.properties("[]"), SampleExport.message(source: "deviceConnectivity", type: "connected"),
            SampleExport.message(source: "deviceConnectivity", type: "disconnected"),
            SampleExport.message(source: "deviceLifecycle", type: "enabled"),
        ].map { SampleRecord($0) }
        for type in ["created", "updated", "deleted"] {
            for template in ["dtmi:a;1", "dtmi:b;1"] {
                records.append(
                    SampleRecord(SampleExport.message(source: "deviceTemplateLifecycle", type: type, device: nil, template: template)))
            }
            for member in [#","actor":{"id":"a"}"#, #","actor":{"id":"b"}"#, #","resource":{"id":"a"}"#] {
                records.append(SampleRecord(SampleExport.message(source: "audit", type: type, device: nil, template: nil, members: member)))
            }
        }
        records += [SampleHub.telemetry("{"), SampleHub.telemetry("{ "), SampleHub.telemetry("")]
        #expect(Set(records.map { Self.fingerprint($0) }).count == records.count)
    }

    @Test func `5,000 messages have the same fingerprint whatever the order of members and the spelling of numbers`() {
        var random = SeededRandom(seed: 7_004)
        for _ in 0..<5000 {
            var members = (0..<Int.random(in: 0...6, using: &random)).map { place in
                let number = Int.random(in: 1...999, using: &random)
                return (name: "n\(place)", first: "\(number)", second: ["\(number).0", "\(number)e0", "\(number)00E-2"][place % 3])
            }
            let first = "{" + members.map { #""\#($0.name)":\#($0.first)"# }.joined(separator: ",") + "}"
            members.shuffle(using: &random)
            let second = "{ " + members.map { #""\#($0.name)" : \#($0.second)"# }.joined(separator: " ,\n") + "}"
            let hub = SampleHub.telemetry(first)
            let central = SampleRecord(SampleExport.telemetry(second, device: SampleHub.device))
            #expect(Self.fingerprint(hub) == Self.fingerprint(central))
        }
    }
}
