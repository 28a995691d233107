import Diagnostics
import JSON
import Testing

/// One record decoded and judged as a fold does it.
struct Judgement {
    let event: EventSummary
    let findings: [Finding]
    private let payload: [UInt8]

    init(_ record: SampleRecord, by template: TemplateInForce, failure: Finding? = nil) {
        var decoder = EventDecoder()
        var judge = Judge()
        self.init(record, by: template, failure: failure, decoder: &decoder, judge: &judge)
    }

    init(_ payload: String, by template: TemplateInForce) { self.init(SampleRecord(payload, key: SampleExport.device), by: template) }

    /// Judged by the sample template.
    init(_ payload: String) throws { self.init(payload, by: .version(try SampleTemplate.published())) }

    init(_ record: SampleRecord, by template: TemplateInForce, failure: Finding? = nil, decoder: inout EventDecoder, judge: inout Judge) {
        var event = DecodedEvent()
        record.decode(by: &decoder, into: &event)
        let payload = record.payload ?? []
        var findings: [Finding] = []
        let bytes: RawSpan? = record.payload == nil ? nil : payload.rawBytes
        judge.judge(event, payload: bytes, decoder: decoder, template: template, failure: failure, into: &findings)
        self.payload = payload
        self.event = EventSummary(event)
        self.findings = findings
    }

    var rules: [Rule] { findings.map(\.rule) }

    /// What stands in the payload from a finding's offset on.
    func text(at finding: Finding) -> String { String(decoding: payload[min(finding.byteOffset, payload.count)...], as: UTF8.self) }

    /// Expects exactly one finding and compares all of it.
    func expectOne(
        _ rule: Rule, module: String = "", component: String = "", path: String, at text: String, expected: String, actual: String,
        suggestion: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard findings.count == 1, let finding = findings.first else {
            Issue.record("One finding was expected, there are \(findings.count): \(findings)", sourceLocation: sourceLocation)
            return
        }
        #expect(finding.rule == rule, sourceLocation: sourceLocation)
        #expect(finding.module == module, sourceLocation: sourceLocation)
        #expect(finding.component == component, sourceLocation: sourceLocation)
        #expect(finding.path == path, sourceLocation: sourceLocation)
        #expect(self.text(at: finding).hasPrefix(text), "at byte \(finding.byteOffset)", sourceLocation: sourceLocation)
        #expect(finding.expected == expected, sourceLocation: sourceLocation)
        #expect(finding.actual == actual, sourceLocation: sourceLocation)
        #expect(finding.suggestion == suggestion, sourceLocation: sourceLocation)
    }
}
