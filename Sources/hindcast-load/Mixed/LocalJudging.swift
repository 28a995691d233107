import DTDL
import Diagnostics
import JSON

/// Decodes and judges records in this process, as a projection does, with the mixed template in force for all.
struct LocalJudging: ~Copyable {
    private(set) var events = 0
    private(set) var findings = 0
    /// How many events each format had.
    private(set) var envelopes: [String: Int] = [:]
    /// How often each rule found something.
    private(set) var rules: [String: Int] = [:]

    private let template: PublishedTemplate
    private var decoder = EventDecoder()
    private var event = DecodedEvent()
    private var judge = Judge()
    private var found: [Finding] = []

    init() throws {
        let template = try DeviceTemplate(bytes: Array(MixedModel.document.utf8))
        self.template = PublishedTemplate(key: 1, templateID: template.templateID, version: 1, compiled: template.compiled)
    }

    /// Decodes and judges one record; counts what came of it where asked.
    mutating func apply(_ record: LoadRecord, headers: [UInt8], at time: Timestamp, counting: Bool = true) {
        let (key, payload) = (record.key ?? [], record.value ?? [])
        let keyBytes: RawSpan? = record.key == nil ? nil : key.rawBytes
        let payloadBytes: RawSpan? = record.value == nil ? nil : payload.rawBytes
        let view = RecordView(
            key: keyBytes, headers: headers.rawBytes, payload: payloadBytes, brokerTime: Timestamp(milliseconds: record.milliseconds),
            ingestTime: time)
        decoder.decode(view, settings: SourceSettings(), into: &event)
        found.removeAll(keepingCapacity: true)
        judge.judge(event, payload: payloadBytes, decoder: decoder, template: Self.inForce(event, template), into: &found)
        events += 1
        findings += found.count
        guard counting else { return }
        envelopes[event.envelope.name, default: 0] += 1
        for finding in found { rules[finding.rule.rawValue, default: 0] += 1 }
    }

    private static func inForce(_ event: borrowing DecodedEvent, _ template: PublishedTemplate) -> TemplateInForce {
        if event.templateRef.isEmpty { return .version(template) }
        if event.bytes(event.templateRef).equals(template.templateID) { return .version(template) }
        return .unknown(templateID: event.string(event.templateRef))
    }
}
