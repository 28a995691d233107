import Diagnostics
import JSON
import Testing

/// Rules on values.
struct JudgeValueTests {
    @Test func `a message that is right has no findings`() throws {
        let telemetry = #"""
            {"temperature":21.5,"pressure":9.9,"strokes":-3,"label":"ab","running":true,"serviced":"2024-01-02T03:04:05Z","state":"on",
            "place":{"lat":1,"lon":2},"a/b~c":1e3,"reading":{"value":1,"unit":"bar","history":[1,2],"limits":{"x":1.5}},"samples":[]}
            """#
        #expect(try Judgement(SampleExport.telemetry(telemetry)).findings.isEmpty)
        #expect(try Judgement(SampleExport.telemetry("{}")).findings.isEmpty)
        #expect(try Judgement(SampleExport.telemetry(#"{"speed":1200}"#, component: "motor")).findings.isEmpty)
        #expect(try Judgement(SampleExport.properties(#"[{"name":"serial","value":"s1"},{"name":"target","value":5}]"#)).findings.isEmpty)
        #expect(try Judgement(SampleExport.properties("[]")).findings.isEmpty)
        #expect(try Judgement(SampleExport.properties(#"[{"name":"target","value":5}]"#, type: "devicePropertyDesiredChange")).findings.isEmpty)
        #expect(try Judgement(SampleExport.properties(#"[{"name":"customer","value":"c"}]"#, type: "cloudPropertyChange")).findings.isEmpty)
    }

    private static let integer = "integer (a whole number from -2147483648 to 2147483647)"
    private static let double = "double (a number that 64-bit IEEE 754 can hold)"

    @Test(
        arguments: [
            (#"{"temperature":"21"}"#, .schemaMismatch, "/temperature", #""21""#, double, #""21""#),
            (#"{"temperature":{"x":1}}"#, .schemaMismatch, "/temperature", #"{"x""#, double, "an object with 1 members"),
            (#"{"running":1}"#, .schemaMismatch, "/running", "1}", "boolean (true or false)", "1"),
            (#"{"samples":[1,"2",3]}"#, .schemaMismatch, "/samples/*", #""2""#, integer, #""2""#),
            (
                #"{"serviced":"yesterday"}"#, .schemaMismatch, "/serviced", #""yesterday""#,
                "dateTime (a string YYYY-MM-DDThh:mm:ss with Z or an offset)", #""yesterday""#
            ),
            (#"{"strokes":3.0}"#, .numberNotInteger, "/strokes", "3.0", integer, "3.0"),
            (#"{"strokes":1e2}"#, .numberNotInteger, "/strokes", "1e2", integer, "1e2"),
            (#"{"strokes":2147483648}"#, .numberOutOfRange, "/strokes", "2147483648", integer, "2147483648"),
            (#"{"temperature":1e999}"#, .numberOutOfRange, "/temperature", "1e999", double, "1e999"),
            (
                #"{"serviced":"2024-01-02T03:04:05"}"#, .datetimeWithoutOffset, "/serviced", #""2024-"#,
                "dateTime (a string YYYY-MM-DDThh:mm:ss with Z or an offset)", #""2024-01-02T03:04:05""#
            ),
            (#"{"state":"ON"}"#, .enumUnknown, "/state", #""ON""#, #"string enumeration ("on", "off")"#, #""ON""#),
            (#"{"reading":{"value":1,"Unit":"bar"}}"#, .fieldUndefined, "/reading/Unit", #""Unit""#, "a field that the schema defines", #""Unit""#),
            (
                #"{"reading":{"unit":"bar"}}"#, .fieldRequired, "/reading", #"{"unit""#, #"the field "value", which is required"#,
                "an object without it"
            ),
            (#"{"temperature":null}"#, .valueNull, "/temperature", "null", double, "null"),
            (#"{"reading":{"value":1,"history":[1,null]}}"#, .valueNull, "/reading/history/*", "null", integer, "null"),
            (#"{"pressure":10.5}"#, .valueConstraint, "/pressure", "10.5", "at least 0.0, at most 10.0, at most 1 decimal places", "10.5"),
            (#"{"pressure":1.25}"#, .valueConstraint, "/pressure", "1.25", "at least 0.0, at most 10.0, at most 1 decimal places", "1.25"),
            (#"{"label":"abcde"}"#, .valueConstraint, "/label", #""abcde""#, "at most 4 characters", #""abcde""#),
            (#"{"place":{"lat":1}}"#, .valueConstraint, "/place", #"{"lat""#, "geopoint with lat and lon", "an object with 1 members"),
            (#"{"reading":{"value":1,"limits":{"a":1,"b/c":"x"}}}"#, .schemaMismatch, "/reading/limits/*", #""x""#, double, #""x""#),
        ] as [(String, Rule, String, String, String, String)])
    func `a value that its schema refuses is found where it stands`(
        telemetry: String, rule: Rule, path: String, text: String, expected: String, actual: String
    ) throws {
        try Judgement(SampleExport.telemetry(telemetry)).expectOne(rule, path: path, at: text, expected: expected, actual: actual)
    }

    @Test func `every value of a message is judged`() throws {
        let judgement = try Judgement(SampleExport.telemetry(#"{"temperature":"x","bogus":1,"strokes":1.5,"running":false,"state":7}"#))
        #expect(judgement.rules == [.schemaMismatch, .capabilityUndefined, .numberNotInteger, .schemaMismatch])
        #expect(judgement.findings.map(\.path) == ["/temperature", "/bogus", "/strokes", "/state"])
    }

    @Test func `a name that is sent twice is judged twice`() throws {
        #expect(
            try Judgement(SampleExport.telemetry(#"{"strokes":"a","strokes":"b"}"#)).findings.map(\.actual) == ["/strokes again", #""a""#, #""b""#])
    }

    @Test func `null removes a property and is no fault there`() throws {
        for type in ["devicePropertyReportedChange", "devicePropertyDesiredChange"] {
            #expect(try Judgement(SampleExport.properties(#"[{"name":"target","value":null}]"#, type: type)).findings.isEmpty)
        }
    }

    @Test func `a value that is nested too deep is a mismatch`() throws {
        let source = """
            {"@id":"dtmi:example:deep;1","@type":"Interface","schemas":[{"@id":"dtmi:example:node;1","@type":"Object",
            "fields":[{"name":"n","schema":"dtmi:example:node;1"}]}],"contents":[{"@type":"Telemetry","name":"tree","schema":"dtmi:example:node;1"}]}
            """
        let template = TemplateInForce.version(try SampleTemplate.published(source: source))
        let deep = String(repeating: #"{"n":"#, count: 200) + "{}" + String(repeating: "}", count: 200)
        let judgement = Judgement(SampleExport.telemetry("{\"tree\":\(deep)}"), by: template)
        #expect(judgement.rules == [.schemaMismatch])
        #expect(judgement.findings.first?.path.utf8.count ?? 0 <= 512)
    }

    @Test func `texts of a finding are bounded and hold no NUL`() throws {
        let long = String(repeating: "é", count: 5000)
        let judgement = try Judgement(SampleExport.telemetry("{\"temperature\":\"\(long)\",\"state\":\"a\\u0000\",\"reading\":{\"\\u0000\":1}}"))
        #expect(judgement.findings.count == 4)
        for finding in judgement.findings {
            for text in [finding.path, finding.expected, finding.actual, finding.message] { #expect(!text.utf8.contains(0)) }
            for text in [finding.path, finding.expected, finding.actual] { #expect(text.utf8.count <= 512) }
        }
    }
}
