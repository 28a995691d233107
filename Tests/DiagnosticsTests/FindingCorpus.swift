import Diagnostics
import JSON

/// Records that together make every rule speak, for the tests that look at the rule set as a whole. Their order and bytes never change; more may follow.
enum FindingCorpus {
    static let telemetry = [
        "{}", "[]", "7", #"{"temperature":21.5}"#, #"{"temperature":"21.5"}"#, #"{"temperature":null,"pressure":11,"label":"too long"}"#,
        #"{"Temperature":1,"temprature":2,"humidity":3,"speed":4}"#, #"{"strokes":1.0}"#, #"{"strokes":99999999999}"#, #"{"state":"ON"}"#,
        #"{"state":5}"#, #"{"serviced":"2024-01-02T03:04:05"}"#, #"{"serviced":"soon"}"#, #"{"running":"true"}"#, #"{"place":{"lat":1,"alt":2}}"#,
        #"{"reading":{}}"#, #"{"reading":{"value":1,"Unit":"x","history":[1,"2",3.5],"limits":{"a":"b"}}}"#, #"{"samples":[1,[2],{}]}"#,
        #"{"serial":"x","target":1,"customer":"c","restart":{}}"#, #"{"a/b~c":false,"x/y~z":1,"\u0000":2,"é\u0301":3}"#,
    ]

    static let properties = [
        "[]", "{}", #"[{"name":"target","value":1.5},{"name":"serial","value":7},{"component":"motor","name":"limit","value":"x"}]"#,
        #"[{"component":"gear","name":"limit","value":1},{"module":"nowhere","name":"limit","value":1},{"name":"customer","value":"c"}]"#,
        #"[{"name":"target"},{"value":1},5,{"name":"target","value":null},{"name":"temperature","value":1}]"#,
    ]

    static var payloads: [String] {
        var payloads = ["", "{", "nul", #"{"a":1,}"#, "\u{FEFF}{}", "[1", "5", "{}", #"{"deviceId":"x"}"#, "{\"a\":\"\u{1}\"}", #""\ud800""#, "01"]
        payloads += telemetry.map { SampleExport.telemetry($0) }
        payloads += telemetry.map { SampleExport.telemetry($0, component: "motor") }
        payloads += [#"{"pulse":1.5}"#, #"{"charge":"x"}"#].flatMap { telemetry in
            [nil, "battery", "Battery"].flatMap { component in
                ["vitals", "Vitals", "other"].map { SampleExport.telemetry(telemetry, component: component, module: $0) }
            }
        }
        for type in ["devicePropertyReportedChange", "devicePropertyDesiredChange", "cloudPropertyChange"] {
            payloads += properties.map { SampleExport.properties($0, type: type) }
        }
        payloads += [
            SampleExport.message(source: "telemetry"), SampleExport.message(source: "properties", type: "cloudPropertyChange"),
            SampleExport.message(source: "deviceLifecycle", type: "registered"), SampleExport.message(source: "unheardOf", type: "x"),
            SampleExport.telemetry("{" + (0..<300).map { "\"undefined_\($0)\":\($0)" }.joined(separator: ",") + "}"),
            SampleExport.telemetry("{\"\(String(repeating: "long", count: 300))\":1}"),
        ]
        return payloads
    }

    /// Every payload by the sample template, and again by none and by one that is not there.
    static func judgements() throws -> [Judgement] {
        let version = TemplateInForce.version(try SampleTemplate.published())
        var decoder = EventDecoder()
        var judge = Judge()
        let fixtures = try RuleFixture.all.flatMap { [try $0.judgement(of: $0.bad), try $0.judgement(of: $0.good)] }
        return fixtures
            + payloads.flatMap { payload in
                [version, .unassigned, .unknown(templateID: "dtmi:example:missing;1")].map { template in
                    Judgement(SampleRecord(payload, key: SampleExport.device), by: template, decoder: &decoder, judge: &judge)
                }
            }
    }
}
