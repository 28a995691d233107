import Diagnostics
import Hashing
import JSON

/// Decodes, resolves and judges single records as ingest and projections do, without a log.
struct OfflineJudge: ~Copyable {
    private var decoder = EventDecoder()
    private var judge = Judge()
    private var hash = SHA256()
    private var shelf: TemplateShelf
    private var event = DecodedEvent()
    private var template = TemplateInForce.unassigned
    /// What is wrong with the record that was judged last.
    private(set) var findings: [Finding] = []
    /// Every finding so far, as the log's projection sums them.
    private(set) var digest = FindingDigest()

    init(shelf: TemplateShelf) { self.shelf = shelf }

    /// The device of the record that was judged last; empty where it names none.
    var device: String { event.string(event.deviceID) }

    /// The template that it was judged by, or that it names; empty where none applies.
    var templateID: String {
        switch template {
        case .unassigned: ""
        case .unknown(let templateID): templateID
        case .version(let version): version.templateID
        }
    }

    /// Judges one record.
    ///
    /// - Parameters:
    ///   - source: its source in the log, for the digest.
    ///   - offset: its offset there.
    ///   - isBare: whether there is a payload only. Where no envelope is found it is the device's own message, and rules about headers do not apply.
    mutating func apply(_ record: borrowing RecordView, settings: SourceSettings, source: Int32, offset: Int64, isBare: Bool = false) {
        findings.removeAll(keepingCapacity: true)
        template = .unassigned
        decoder.decode(record, settings: settings, into: &event)
        if isBare, event.envelope == .none {
            var own = settings
            own.envelope = .raw
            decoder.decode(record, settings: own, into: &event)
        }
        template = shelf.resolve(event)
        judge.judge(event, payload: record.payload, decoder: decoder, template: template, into: &findings)
        if isBare { findings.removeAll { $0.isAboutHeaders } }
        for finding in findings { digest.add(finding, source: source, offset: offset, hash: &hash) }
    }
}

extension Finding {
    /// Whether it is about a record's headers, which a payload without a record has none of.
    fileprivate var isAboutHeaders: Bool {
        path.hasPrefix("header:")
    }
}
