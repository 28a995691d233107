import Catalog
import Diagnostics
import EventLog
import JSON
import Postgres
import Projections

/// One event of the log, decoded and judged again by what is in force at its position in the live generation.
struct ExplainedEvent {
    /// One finding, and what of the template it was judged by.
    struct Fault {
        let finding: Finding
        /// The capability's or the component's own JSON in the template, where the finding is about one that is defined.
        let templatePart: JSONTree?
    }

    let source: Int32
    let offset: Int64
    let device: String
    let kind: EventKind
    let envelope: EnvelopeFormat
    let eventTime: Timestamp
    let told: ToldFacts
    let payload: [UInt8]?
    let templateID: String
    /// The version's ordinal; nil where no version applies.
    let templateVersion: Int32?
    /// What was in force when the event was folded, where that is older than this program's rules.
    let olderRuleSet: Int?
    let faults: [Fault]

    /// Reads and judges the event at a position.
    ///
    /// - Throws: where the log does not hold it.
    init(source: LogSource, offset: Int64, on connection: inout Connection) throws {
        guard let stored = try StoredRecord.read(source: source.sourceID, offset: offset, on: &connection) else {
            throw OperatorError(
                .unknown,
                "The log holds no event at \(source.sourceID):\(offset); source \(source.sourceID) goes up to \(source.nextOffset - 1), and `hindcast status` shows its holes."
            )
        }
        let generation = try Generations.live(on: &connection)
        let epochs = try Epochs.load(generation: generation, source: source.sourceID, on: &connection)
        var context = GenerationContext(generation: generation)
        try context.append(epochs, from: TemplateStore(), on: &connection)
        var decoder = EventDecoder()
        var event = DecodedEvent()
        let record = stored.view
        decoder.decode(record, settings: source.settings, into: &event)
        let applied = context.resolve(event, device: stored.deviceKey, offset: offset)
        var failure: Finding?
        if case .unusable(_, let finding) = applied { failure = finding }
        var judge = Judge()
        var findings: [Finding] = []
        judge.judge(event, payload: record.payload, decoder: decoder, template: applied.inForce, failure: failure, into: &findings)

        self.source = source.sourceID
        self.offset = offset
        device = event.string(event.deviceID)
        kind = event.kind
        envelope = event.envelope
        eventTime = event.eventTime
        told = ToldFacts(event, record, decoder: decoder)
        payload = stored.payload
        var document: JSONTree?
        switch applied.inForce {
        case .unassigned: (templateID, templateVersion) = ("", nil)
        case .unknown(let id): (templateID, templateVersion) = (id, nil)
        case .version(let version):
            (templateID, templateVersion) = (version.templateID, version.version)
            let shown = try Templates.show(version.templateID, version: "\(version.version)", on: &connection)
            // A template in UTF-16 is judged by, and quoted nowhere.
            document = try? JSONTree.parse(shown.document)
        }
        faults = findings.map { finding in
            Fault(finding: finding, templatePart: document.flatMap { TemplatePart.find(for: finding, in: $0) })
        }
        let ruleSets = epochs.filter { $0.fromOffset <= offset }.compactMap { if case .ruleSet(let version) = $0.act { version } else { nil } }
        olderRuleSet = ruleSets.last.flatMap { $0 < Rule.setVersion ? $0 : nil }
    }
}

/// A record of the log with bytes of its own.
private struct StoredRecord {
    let deviceKey: Int32
    let key: [UInt8]
    let hasKey: Bool
    let headers: [UInt8]
    let payload: [UInt8]?
    let bytes: [UInt8]
    let brokerTime: Timestamp?
    let ingestTime: Timestamp

    static func read(source: Int32, offset: Int64, on connection: inout Connection) throws(PostgresError) -> StoredRecord? {
        var stored: StoredRecord?
        _ = try LogReader().read(source: source, at: offset, on: &connection) { logged in stored = StoredRecord(logged) }
        return stored
    }

    private init(_ logged: borrowing LoggedEvent) {
        let record = logged.record
        deviceKey = logged.deviceKey
        var copy: [UInt8] = []
        if let bytes = record.key { bytes.append(to: &copy) }
        key = copy
        hasKey = record.key != nil
        copy = []
        record.headers.append(to: &copy)
        headers = copy
        copy = []
        if let value = record.payload { value.append(to: &copy) }
        bytes = copy
        payload = record.payload == nil ? nil : copy
        brokerTime = record.brokerTime
        ingestTime = record.ingestTime
    }

    var view: RecordView {
        @_lifetime(borrow self)
        get {
            let keyBytes: RawSpan? = hasKey ? key.rawBytes : nil
            let payloadBytes: RawSpan? = payload == nil ? nil : bytes.rawBytes
            return RecordView(key: keyBytes, headers: headers.rawBytes, payload: payloadBytes, brokerTime: brokerTime, ingestTime: ingestTime)
        }
    }
}
