import Diagnostics
import JSON
import Testing

/// Properties as device twins and digital twins carry them.
struct JudgeTwinTests {
    private static func twin(_ section: String, _ json: String) throws -> Judgement {
        let payload = #"{"version":4,"properties":{"\#(section)":\#(json)}}"#
        let record = SampleHub.notification("twinChangeEvents", schema: "twinChangeNotification", operation: "updateTwin", payload)
        return Judgement(record, by: .version(try SampleTemplate.published()))
    }

    private static func patch(_ json: String) throws -> Judgement {
        let record = SampleHub.notification("digitalTwinChangeEvents", schema: "digitalTwinChangeNotification", operation: "updateDigitalTwin", json)
        return Judgement(record, by: .version(try SampleTemplate.published()))
    }

    @Test(
        arguments: [
            #"{"serial":"x","$version":3,"$metadata":{"serial":{"$lastUpdated":"x"}}}"#, #"{"motor":{"__t":"c","limit":3}}"#,
            #"{"motor":{"limit":3}}"#,
            #"{"motor":null,"serial":null}"#, #"{"target":{"value":1.5,"ac":200,"av":1}}"#, #"{"target":{"value":1,"ac":203,"av":0,"ad":"initial"}}"#,
            #"{"motor":{"__t":"c","limit":{"value":3,"ac":200,"av":2,"ad":"set"}}}"#, #"{"target":1.5}"#,
        ])
    func `reported properties that keep the conventions have no findings`(json: String) throws {
        #expect(try Self.twin("reported", json).findings == [])
    }

    @Test func `desired values may be wrapped, and only writable properties have any`() throws {
        #expect(try Self.twin("desired", #"{"target":1,"motor":{"__t":"c","limit":{"value":3}},"$version":7}"#).findings == [])
        try Self.twin("desired", #"{"serial":"x"}"#).expectOne(
            .propertyNotWritable, path: "/serial", at: #""serial""#, expected: "a read-only property", actual: "a desired property")
    }

    @Test func `a component's property is found in its component`() throws {
        try Self.twin("reported", #"{"motor":{"__t":"c","limit":"x"}}"#).expectOne(
            .schemaMismatch, component: "motor", path: "/limit", at: #""x""#, expected: "integer (a whole number from -2147483648 to 2147483647)",
            actual: #""x""#)
        try Self.twin("reported", #"{"gear":{"__t":"c","limit":1}}"#).expectOne(
            .componentUnknown, component: "gear", path: "", at: #""gear""#, expected: "one of motor, valve", actual: "gear")
        try Self.twin("reported", #"{"motor":7}"#).expectOne(
            .schemaMismatch, component: "motor", path: "", at: "7", expected: "an object with the component's properties", actual: "number")
        try Self.twin("reported", #"{"limit":7}"#).expectOne(
            .componentMissing, path: "/limit", at: #""limit""#,
            expected: "one of temperature, pressure, strokes, label, running, serviced, state, place, a/b~c, reading, samples, serial, and 3 more",
            actual: "number", suggestion: "limit in component motor")
    }

    @Test(
        arguments: [
            (#"{"value":1,"ac":200}"#, "/target", "value, ac and av", "an object without av"),
            (#"{"ac":200,"av":1}"#, "/target", "value, ac and av", "an object without value"),
            (#"{"value":1,"ac":200.5,"av":1}"#, "/target/ac", "an integer", "a number that is none"),
            (#"{"value":1,"ac":200,"av":"1"}"#, "/target/av", "an integer", "string"),
            (#"{"value":1,"ac":200,"av":1,"ad":5}"#, "/target/ad", "a string", "number"),
            (#"{"value":1,"ac":200,"av":1,"at":5}"#, "/target", "value, ac, av and ad alone", "an object with 1 more"),
        ])
    func `an acknowledgement of the wrong form is found`(json: String, path: String, expected: String, actual: String) throws {
        let judgement = try Self.twin("reported", #"{"target":\#(json)}"#)
        #expect(judgement.rules == [.ackMalformed])
        #expect(judgement.findings.map(\.path) == [path])
        #expect(judgement.findings.map(\.expected) == [expected])
        #expect(judgement.findings.map(\.actual) == [actual])
    }

    @Test func `the value of an acknowledgement is judged by the property's schema`() throws {
        let judgement = try Self.twin("reported", #"{"target":{"value":"x","ac":200,"av":1}}"#)
        #expect(judgement.rules == [.schemaMismatch])
        #expect(judgement.findings.map(\.path) == ["/target/value"])
    }

    @Test(
        arguments: [
            #"[{"op":"add","path":"/serial","value":"x"},{"op":"replace","path":"/motor/limit","value":3}]"#,
            #"[{"op":"replace","path":"/$metadata/serial","value":{}},{"op":"replace","path":"/motor/$metadata/limit","value":{}}]"#,
            #"[{"op":"remove","path":"/whatever"},{"op":"add","path":"/motor","value":{"limit":3,"$metadata":{}}}]"#,
        ])
    func `a patch that keeps the model has no findings`(json: String) throws { #expect(try Self.patch(json).findings == []) }

    @Test func `an operation is found at its value`() throws {
        try Self.patch(#"[{"op":"replace","path":"/motor/limit","value":"x"}]"#).expectOne(
            .schemaMismatch, component: "motor", path: "/limit", at: #""x""#, expected: "integer (a whole number from -2147483648 to 2147483647)",
            actual: #""x""#)
        try Self.patch(#"[{"op":"add","path":"/gear/limit","value":1}]"#).expectOne(
            .componentUnknown, component: "gear", path: "", at: "1}", expected: "one of motor, valve", actual: "gear")
        #expect(try Self.patch(#"[{"op":"add","path":"/Serial","value":"x"}]"#).rules == [.capabilityCase])
        #expect(try Self.patch(#"[7,{"op":"add"}]"#).rules == [.jsonNotObject, .jsonNotObject])
    }

    @Test func `what is wrong with a record is said of events without values too`() {
        let record = SampleRecord(SampleExport.message(source: "deviceConnectivity", type: "connected", device: nil))
        #expect(Judgement(record, by: .unassigned).rules == [.deviceIDMissing])
    }
}
