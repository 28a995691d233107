import Diagnostics
import JSON
import Testing

/// Rules on names: modules, components, capabilities.
struct JudgeNameTests {
    private static let names =
        "one of temperature, pressure, strokes, label, running, serviced, state, place, a/b~c, reading, samples, serial, and 3 more"

    @Test func `a module that the template does not define is found where the message names it`() throws {
        try Judgement(SampleExport.telemetry(#"{"pulse":1}"#, module: "Vitals")).expectOne(
            .moduleUnknown, module: "Vitals", path: "", at: #""Vitals""#, expected: "one of vitals", actual: "Vitals", suggestion: "vitals")
        try Judgement(SampleExport.telemetry(#"{"pulse":1}"#, component: "any", module: "other")).expectOne(
            .moduleUnknown, module: "other", component: "any", path: "", at: #""other""#, expected: "one of vitals", actual: "other")
    }

    @Test func `a component that the template does not define is found where the message names it`() throws {
        try Judgement(SampleExport.telemetry(#"{"speed":1}"#, component: "Motor")).expectOne(
            .componentUnknown, component: "Motor", path: "", at: #""Motor""#, expected: "one of motor, valve", actual: "Motor", suggestion: "motor")
        try Judgement(SampleExport.telemetry("{}", component: "battery")).expectOne(
            .componentUnknown, component: "battery", path: "", at: #""battery""#, expected: "one of motor, valve", actual: "battery")
    }

    @Test func `components are those of the message's module`() throws {
        #expect(try Judgement(SampleExport.telemetry(#"{"charge":0.5}"#, component: "battery", module: "vitals")).findings.isEmpty)
        #expect(try Judgement(SampleExport.telemetry(#"{"pulse":60}"#, module: "vitals")).findings.isEmpty)
        try Judgement(SampleExport.telemetry(#"{"speed":1}"#, component: "motor", module: "vitals")).expectOne(
            .componentUnknown, module: "vitals", component: "motor", path: "", at: #""motor""#, expected: "one of battery", actual: "motor")
    }

    @Test func `a template without modules or components says so`() throws {
        let source = #"{"@id":"dtmi:example:plain;1","@type":"Interface","contents":[{"@type":"Telemetry","name":"a","schema":"double"}]}"#
        let template = TemplateInForce.version(try SampleTemplate.published(source: source))
        let nothing = "no name, since none is defined"
        #expect(Judgement(SampleExport.telemetry("{}", module: "m"), by: template).findings.map(\.expected) == [nothing])
        #expect(Judgement(SampleExport.telemetry("{}", component: "c"), by: template).findings.map(\.expected) == [nothing])
    }

    @Test func `a name that no capability has is found with the nearest one`() throws {
        try Judgement(SampleExport.telemetry(#"{"temprature":20}"#)).expectOne(
            .capabilityUndefined, path: "/temprature", at: #""temprature":20"#, expected: Self.names, actual: "number", suggestion: "temperature")
        try Judgement(SampleExport.telemetry(#"{"humidity":{"x":1}}"#)).expectOne(
            .capabilityUndefined, path: "/humidity", at: #""humidity""#, expected: Self.names, actual: "object")
    }

    @Test func `a name of another component is found with that component`() throws {
        try Judgement(SampleExport.telemetry(#"{"speed":1}"#)).expectOne(
            .componentMissing, path: "/speed", at: #""speed""#, expected: Self.names, actual: "number", suggestion: "speed in component motor")
        try Judgement(SampleExport.telemetry(#"{"pressure":1}"#, component: "motor")).expectOne(
            .capabilityUndefined, component: "motor", path: "/pressure", at: #""pressure""#, expected: "one of speed, limit", actual: "number",
            suggestion: "pressure outside of a component")
        try Judgement(SampleExport.telemetry(#"{"charge":1}"#, component: "motor")).expectOne(
            .capabilityUndefined, component: "motor", path: "/charge", at: #""charge""#, expected: "one of speed, limit", actual: "number",
            suggestion: "charge in component battery of module vitals")
    }

    @Test func `a name in another case is an error of its own`() throws {
        try Judgement(SampleExport.telemetry(#"{"Temperature":20}"#)).expectOne(
            .capabilityCase, path: "/Temperature", at: #""Temperature""#, expected: Self.names, actual: "number", suggestion: "temperature")
        try Judgement(SampleExport.telemetry(#"{"SPEED":2}"#, component: "motor")).expectOne(
            .capabilityCase, component: "motor", path: "/SPEED", at: #""SPEED""#, expected: "one of speed, limit", actual: "number",
            suggestion: "speed")
    }

    @Test(
        arguments: [
            (.capabilityKind, SampleExport.telemetry(#"{"serial":"x"}"#), "serial", "a read-only property", "telemetry"),
            (.capabilityKind, SampleExport.telemetry(#"{"target":1}"#), "target", "a writable property", "telemetry"),
            (.capabilityCloud, SampleExport.telemetry(#"{"customer":"x"}"#), "customer", "a cloud property", "telemetry"),
            (.capabilityKind, SampleExport.telemetry(#"{"restart":null}"#), "restart", "a command", "telemetry"),
        ] as [(Rule, String, String, String, String)])
    func `what is no telemetry is found when it is sent as telemetry`(rule: Rule, payload: String, name: String, expected: String, actual: String)
        throws
    {
        try Judgement(payload).expectOne(rule, path: "/\(name)", at: "\"\(name)\"", expected: expected, actual: actual)
    }

    @Test(
        arguments: [
            (.capabilityKind, "temperature", "devicePropertyReportedChange", "telemetry", "a reported property"),
            (.capabilityCloud, "customer", "devicePropertyReportedChange", "a cloud property", "a reported property"),
            (.propertyNotWritable, "serial", "devicePropertyDesiredChange", "a read-only property", "a desired property"),
            (.capabilityKind, "target", "cloudPropertyChange", "a writable property", "a cloud property"),
        ] as [(Rule, String, String, String, String)])
    func `a property of one kind is found when another kind of change carries it`(
        rule: Rule, name: String, type: String, expected: String, actual: String
    ) throws {
        try Judgement(SampleExport.properties(#"[{"name":"\#(name)","value":"x"}]"#, type: type)).expectOne(
            rule, path: "/\(name)", at: "\"\(name)\"", expected: expected, actual: actual)
    }

    @Test func `properties of one message may belong to several components and modules`() throws {
        let payload = SampleExport.properties(
            #"[{"component":"motor","name":"limit","value":7},{"name":"target","value":1.5},{"component":"motor","name":"target","value":1},"#
                + #"{"component":"gear","name":"x","value":1},{"value":2,"name":"limit","component":"motor"},"#
                + #"{"module":"nowhere","component":"battery","name":"x","value":1},{"component":"motor","name":"limit","value":"x"}]"#)
        let judgement = try Judgement(payload)
        #expect(judgement.rules == [.capabilityUndefined, .componentUnknown, .moduleUnknown, .schemaMismatch])
        #expect(judgement.findings.map(\.component) == ["motor", "gear", "battery", "motor"])
        #expect(judgement.findings.map(\.module) == ["", "", "nowhere", ""])
        #expect(judgement.findings.map(\.path) == ["/target", "", "", "/limit"])
        let texts = judgement.findings.map { judgement.text(at: $0) }
        for (text, start) in zip(texts, [#""target","value":1}"#, #""gear""#, #""nowhere""#, #""x"}]"#]) { #expect(text.hasPrefix(start)) }
    }

    @Test func `a property without a component of its own has the envelope's`() throws {
        let payload = SampleExport.properties(
            #"[{"name":"limit","value":7},{"name":"target","value":1,"component":""},{"name":"limit","value":7,"component":null}]"#,
            members: #","component":"motor""#)
        #expect(try Judgement(payload).findings.isEmpty)
    }

    @Test func `a name is quoted as a JSON Pointer token, bounded`() throws {
        let undefined = try Judgement(SampleExport.telemetry(#"{"x/y~z":1,"x\u0000y":2,"/\u0301":3}"#))
        #expect(undefined.findings.map(\.path) == ["/x~1y~0z", #"/x\u0000y"#, "/~1\u{301}"])
        let long = String(repeating: "n", count: 3000)
        let finding = try #require(try Judgement(SampleExport.telemetry("{\"\(long)\":1}")).findings.first)
        #expect(finding.path.utf8.count == 512)
        #expect(finding.path.hasPrefix("/nnn"))
        try Judgement(SampleExport.telemetry(#"{"a/b~c":"x"}"#)).expectOne(
            .schemaMismatch, path: "/a~1b~0c", at: #""x""#, expected: "double (a number that 64-bit IEEE 754 can hold)", actual: #""x""#)
    }

    @Test func `a name may be escaped`() throws {
        #expect(try Judgement(SampleExport.telemetry(#"{"temp\u0065rature":20}"#)).findings.isEmpty)
    }

    @Test func `an answer that is given again is the same answer`() throws {
        let published = try SampleTemplate.published()
        let other = try SampleTemplate.published(key: 2, source: SampleTemplate.source.replacing(#""temperature""#, with: #""humidity""#))
        var decoder = EventDecoder()
        var judge = Judge()
        for version in [published, other, published, other] {
            for payload in [#"{"humidty":1}"#, #"{"temprature":1}"#, #"{"speed":1}"#, #"{"State":1}"#] {
                let record = SampleRecord(SampleExport.telemetry(payload))
                let again = Judgement(record, by: .version(version), decoder: &decoder, judge: &judge)
                #expect(again.findings == Judgement(record, by: .version(version)).findings)
            }
        }
    }
}
