import Diagnostics
import JSON
import Testing

/// Rules on what stands around the values.
struct JudgeEnvelopeTests {
    @Test func `a payload that is not JSON is found with its reason and byte`() throws {
        try Judgement(#"{"telemetry":{"a":1,}}"#).expectOne(
            .jsonInvalid, path: "", at: "}}", expected: "a quoted key", actual: "trailing comma: '}'")
    }

    @Test(arguments: [("5", "number"), ("  [1]", "array"), ("\n null", "null"), ("true", "boolean"), (#""x""#, "string")])
    func `JSON that is no object is found where it starts`(payload: String, actual: String) throws {
        let text = String(payload.drop { $0 == " " || $0 == "\n" })
        try Judgement(payload).expectOne(.jsonNotObject, path: "", at: text, expected: "an object", actual: actual)
    }

    @Test func `an object in no envelope is found`() throws {
        try Judgement(#" {"temperature":1}"#).expectOne(
            .envelopeInvalid, path: "", at: #"{"temperature""#, expected: "an envelope of a known format", actual: "an object in none")
    }

    @Test func `telemetry that is no object is found`() throws {
        try Judgement(SampleExport.telemetry("[1]")).expectOne(
            .jsonNotObject, path: "/telemetry", at: "[1]", expected: #"an object in "telemetry""#, actual: "array")
        try Judgement(SampleExport.message(source: "telemetry")).expectOne(
            .jsonNotObject, path: "/telemetry", at: "{", expected: #"an object in "telemetry""#, actual: "nothing")
    }

    @Test func `properties that are no array are found`() throws {
        try Judgement(SampleExport.properties(#"{"target":1}"#)).expectOne(
            .jsonNotObject, path: "/properties", at: #"{"target""#, expected: #"an array in "properties""#, actual: "object")
        try Judgement(SampleExport.message(source: "properties", type: "cloudPropertyChange")).expectOne(
            .jsonNotObject, path: "/properties", at: "{", expected: #"an array in "properties""#, actual: "nothing")
    }

    @Test(
        arguments: [
            ("7", "number"), (#"{"value":1}"#, "an object without them"), (#"{"name":"target"}"#, "an object without them"),
            (#"{"name":5,"value":1}"#, "an object without them"),
        ])
    func `a property without name and value is found, and the others are judged`(element: String, actual: String) throws {
        let payload = SampleExport.properties(#"[{"name":"target","value":1.5},\#(element),{"name":"serial","value":"s"}]"#)
        try Judgement(payload).expectOne(
            .jsonNotObject, path: "/properties/*", at: element, expected: "an object with name and value", actual: actual)
    }

    @Test func `a device without a template is found`() {
        let judgement = Judgement(SampleExport.telemetry(#"{"temperature":1}"#, template: nil), by: .unassigned)
        judgement.expectOne(.templateUnassigned, path: "", at: #"{"temperature""#, expected: "a template", actual: "none")
    }

    @Test func `a template that was never published is found where the message names it`() {
        let judgement = Judgement(SampleExport.telemetry(#"{"temperature":1}"#, template: "urn:x"), by: .unknown(templateID: "urn:x"))
        judgement.expectOne(.templateUnknown, path: "", at: #""urn:x""#, expected: "a published template", actual: "urn:x")
    }

    @Test func `an assigned template that was never published is found at the values`() {
        let judgement = Judgement(SampleExport.telemetry(#"{"temperature":1}"#, template: ""), by: .unknown(templateID: "urn:x"))
        judgement.expectOne(.templateUnknown, path: "", at: #"{"temperature""#, expected: "a published template", actual: "urn:x")
    }

    @Test(
        arguments: [
            SampleExport.message(source: "deviceConnectivity", type: "connected"), SampleExport.message(source: "deviceLifecycle", type: "enabled"),
            SampleExport.message(source: "audit", type: "created"), SampleExport.message(source: "deviceTemplateLifecycle", type: "updated"),
            SampleExport.message(source: "somethingNew", type: "x"),
        ])
    func `no rule speaks of events without values, whatever the template`(payload: String) throws {
        #expect(Judgement(payload, by: .unassigned).findings.isEmpty)
        #expect(Judgement(payload, by: .unknown(templateID: "x")).findings.isEmpty)
        #expect(try Judgement(payload).findings.isEmpty)
    }
}
