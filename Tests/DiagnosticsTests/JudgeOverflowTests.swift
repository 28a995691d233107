import Diagnostics
import JSON
import Testing

/// Messages with more faults than are told apart.
struct JudgeOverflowTests {
    private func expectOverflow(_ judgement: Judgement, at text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(judgement.findings.count == 257, sourceLocation: sourceLocation)
        guard let last = judgement.findings.last else { return }
        #expect(last.rule == .capabilityUndefined, sourceLocation: sourceLocation)
        #expect((last.module, last.component, last.path) == ("", "*", "/*"), sourceLocation: sourceLocation)
        #expect(last.expected == "at most 256 faults in one message", sourceLocation: sourceLocation)
        #expect(judgement.text(at: last).hasPrefix(text), sourceLocation: sourceLocation)
        #expect(!judgement.findings.dropLast().contains { $0.path == "/*" }, sourceLocation: sourceLocation)
    }

    private func telemetry(_ count: Int) -> String {
        SampleExport.telemetry("{" + (0..<count).map { "\"name_\($0)\":\($0)" }.joined(separator: ",") + "}", module: "vitals")
    }

    @Test func `256 faults are all told apart`() throws {
        let judgement = try Judgement(telemetry(256))
        #expect(judgement.findings.count == 256)
        #expect(Set(judgement.findings.map(\.path)).count == 256)
    }

    @Test(arguments: [257, 258, 5000])
    func `what is beyond is one finding more, at the first fault that is not told apart`(count: Int) throws {
        try expectOverflow(Judgement(telemetry(count)), at: #""name_256""#)
    }

    @Test func `values after the 256th fault that are right are no fault`() throws {
        let telemetry = (0..<256).map { "\"name_\($0)\":1" }.joined(separator: ",") + #","temperature":1,"strokes":2"#
        #expect(try Judgement(SampleExport.telemetry("{\(telemetry)}")).findings.count == 256)
    }

    @Test func `faults of one value count one by one`() throws {
        let samples = (0..<300).map { "\"s\($0)\"" }.joined(separator: ",")
        try expectOverflow(Judgement(SampleExport.telemetry("{\"samples\":[\(samples)]}")), at: #""s256""#)
        try expectOverflow(Judgement(SampleExport.telemetry("{\"x\":1,\"samples\":[\(samples)],\"y\":1}")), at: #""s255""#)
    }

    @Test func `properties are held to the same number`() throws {
        let properties = (0..<300).map { "{\"name\":\"name_\($0)\",\"value\":1}" }.joined(separator: ",")
        try expectOverflow(Judgement(SampleExport.properties("[\(properties)]")), at: #""name_256""#)
        try expectOverflow(Judgement(SampleExport.properties("[\((0..<300).map(String.init).joined(separator: ","))]")), at: "256,")
    }

    @Test func `findings that were there before do not count`() throws {
        let template = TemplateInForce.version(try SampleTemplate.published())
        let record = SampleRecord(telemetry(300))
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var judge = Judge()
        record.decode(by: &decoder, into: &event)
        let payload = record.payload ?? []
        var findings: [Finding] = []
        for _ in 0..<3 { judge.judge(event, payload: payload.rawBytes, decoder: decoder, template: template, into: &findings) }
        #expect(findings.count == 3 * 257)
        #expect(Array(findings[0..<257]) == Array(findings[514..<771]))
    }
}
