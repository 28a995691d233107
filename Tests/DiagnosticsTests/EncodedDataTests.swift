import Diagnostics
import Foundation
import JSON
import Testing

/// Data that a structured CloudEvent carries in base64: decoded, judged like any other, and placed where the text is that encodes it.
struct EncodedDataTests {
    private static func record(_ encoded: String, type: String = "x.telemetry", more: String = "") -> SampleRecord {
        SampleRecord(
            #"{"specversion":"1.0","id":"1","source":"s","type":"\#(type)","subject":"pump-07","dataschema":"dtmi:example:pump;1"\#(more),"#
                + #""data_base64":\#(encoded),"time":"2024-01-02T03:04:05Z"}"#,
            headers: [("content-type", Array("application/cloudevents+json".utf8))])
    }

    private static func base64(_ text: String) -> String { "\"\(Data(text.utf8).base64EncodedString())\"" }

    private static func judged(_ record: SampleRecord) throws -> Judgement { Judgement(record, by: .version(try SampleTemplate.published())) }

    @Test(
        arguments: [
            (#"{"temperature":21.5}"#, []), (#"{"temperature":"21.5"}"#, [.schemaMismatch]),
            (#"{"Temperature":1,"x":2}"#, [.capabilityCase, .capabilityUndefined]),
            (#"{"temperature":1,"temperature":2}"#, [.jsonDuplicateKey]), ("[]", [.jsonNotObject]), ("{", [.jsonInvalid]), ("", [.payloadEmpty]),
            (" ", [.payloadEmpty]),
        ] as [(String, [Rule])])
    func `telemetry in base64 is judged`(data: String, rules: [Rule]) throws {
        let judgement = try Self.judged(Self.record(Self.base64(data)))
        #expect(judgement.event.kind == .telemetry)
        #expect(judgement.event.deviceID == "pump-07")
        #expect(judgement.rules == rules)
        #expect(judgement.findings.allSatisfy { judgement.text(at: $0).hasPrefix(Self.base64(data)) }, "every finding is placed at the text")
    }

    @Test func `the judge says of it what it says of the same data in the open`() throws {
        for data in FindingCorpus.telemetry {
            let open = SampleRecord(
                #"{"specversion":"1.0","id":"1","source":"s","type":"x.telemetry","subject":"pump-07","data":\#(data),"time":"2024-01-02T03:04:05Z"}"#,
                headers: [("content-type", Array("application/cloudevents+json".utf8))])
            func told(_ judgement: Judgement) -> [String] {
                judgement.findings.map { "\($0.rule) \($0.path) \($0.expected) \($0.actual) \($0.suggestion ?? "")" }
            }
            let encoded = told(try Self.judged(Self.record(Self.base64(data)))).map { $0.replacing("data_base64", with: "data") }
            #expect(told(try Self.judged(open)) == encoded, "\(data)")
        }
    }

    @Test(arguments: [#""e30""#, #""e3 0=""#, #""e30=\n""#, #""e_-=""#, #""====""#, #""e30=e30=""#, #""é30=""#, "7", "{}", "true"])
    func `what is no base64 is one finding`(encoded: String) throws {
        let judgement = try Self.judged(Self.record(encoded))
        #expect(judgement.event.kind == .unsupported)
        #expect(judgement.rules == [.envelopeInvalid])
        #expect(judgement.findings.first?.path == "/data_base64")
        #expect(judgement.findings.first.map { judgement.text(at: $0).hasPrefix(encoded) } == true)
    }

    @Test func `every length and every byte comes through, and escapes are no hindrance`() throws {
        for count in 0...9 {
            let label = String(repeating: "?>~", count: count)
            let text = Self.base64(#"{"label":"\#(label)"}"#)
            for encoded in [text, text.replacing("/", with: "\\/"), text.replacing("e", with: "\\u0065")] {
                let judgement = try Self.judged(Self.record(encoded))
                #expect(!judgement.rules.contains(.jsonInvalid) && !judgement.rules.contains(.envelopeInvalid), "\(encoded)")
                #expect(judgement.event.pointers == ["/data_base64"])
            }
        }
    }

    @Test func `a module or component that it belongs to is placed there too`() throws {
        let judgement = try Self.judged(Self.record(Self.base64(#"{"speed":1}"#), more: #","component":"gear""#))
        #expect(judgement.rules == [.componentUnknown])
        #expect(judgement.findings.first.map { judgement.text(at: $0).hasPrefix("\"") } == true)
        #expect(judgement.event.nodes.allSatisfy { $0 == nil })
    }

    @Test func `members that our own types define are looked for in it`() throws {
        let report = Self.base64(#"{"origin":"dps","status":"401"}"#)
        let judgement = try Self.judged(Self.record(report, type: "dev.hindcast.device.error"))
        #expect(judgement.rules == [.envelopeInvalid])
        #expect(judgement.findings.first?.path == "/data_base64/status")
        #expect(judgement.findings.first.map { judgement.text(at: $0).hasPrefix(report) } == true)
        let registered = Self.record(Self.base64(#"{"approved":true}"#), type: "dev.hindcast.device.registered").decoded()
        #expect(registered.deviceFlags == DeviceFlags(approved: true))
    }

    @Test func `data of types that mean nothing here is left alone`() throws {
        let judgement = try Self.judged(Self.record(#""no base64""#, type: "com.example.picture"))
        #expect(judgement.findings.isEmpty)
        #expect(judgement.event.kind == .unsupported)
    }

    @Test func `a decoder forgets it with the next record`() throws {
        var decoder = EventDecoder()
        var judge = Judge()
        let template = TemplateInForce.version(try SampleTemplate.published())
        _ = Judgement(Self.record(Self.base64(#"{"temperature":"x"}"#)), by: template, decoder: &decoder, judge: &judge)
        let next = Judgement(SampleRecord(SampleExport.telemetry(#"{"temperature":"x"}"#)), by: template, decoder: &decoder, judge: &judge)
        #expect(next.findings.first.map { next.text(at: $0).hasPrefix(#""x"}"#) } == true)
    }
}
