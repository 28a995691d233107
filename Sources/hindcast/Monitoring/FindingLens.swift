import Catalog
import Diagnostics
import EventLog
import JSON
import Postgres
import Projections

/// Looks at what is wrong with events: each is judged again, by what the live generation judged it by.
///
/// It sees a source as far as the projection of findings has come, because only then is it settled what is in force there.
struct FindingLens: MonitorLens {
    static let kinds: [EventKind] = []

    let minimum: Severity
    private var events: EventFilter
    private let templates = TemplateStore()
    private var judge = Judge()
    private var generation: Int32 = 0
    private var controlSeq: Int64 = -1
    private var contexts: [Int32: GenerationContext] = [:]
    /// What the source that is read judges by; out of `contexts` meanwhile, because a second reference would have it copied.
    private var current: (source: Int32, context: GenerationContext)?

    init(_ filter: MonitorFilter, minimum: Severity) {
        events = EventFilter(filter)
        self.minimum = minimum
    }

    mutating func ends(on connection: inout Connection) throws -> [(source: LogSource, end: Int64)] {
        generation = try Generations.live(on: &connection)
        let (live, name) = (generation, "finding")
        let progress = try connection.query(SelectProjectionProgress()).filter { $0.projection == name && $0.generation == live }
        // Epochs are written with the checkpoint that they hold from, so they are read after it; whatever was decided since makes them stale.
        let last = try ControlLog.last(on: &connection)
        if last != controlSeq {
            contexts = [:]
            current = nil
        }
        controlSeq = last
        return try LogSources.all(on: &connection).map { source in
            (source, progress.first { $0.source == source.sourceID }?.nextOffset ?? 0)
        }
    }

    mutating func prepare(_ source: LogSource, on connection: inout Connection) throws {
        if current?.source == source.sourceID, current?.context.generation == generation { return }
        if let current { contexts[current.source] = current.context }
        if let known = contexts.removeValue(forKey: source.sourceID), known.generation == generation {
            current = (source.sourceID, known)
            return
        }
        var context = GenerationContext(generation: generation)
        try context.append(try Epochs.load(generation: generation, source: source.sourceID, on: &connection), from: templates, on: &connection)
        current = (source.sourceID, context)
    }

    mutating func items(of event: borrowing LoggedEvent, in source: LogSource) -> [ShownFinding] {
        guard events.take(event, in: source),
            let applied = current?.context.resolve(events.event, device: event.deviceKey, offset: event.offset)
        else { return [] }
        var failure: Finding?
        if case .unusable(_, let finding) = applied { failure = finding }
        var findings: [Finding] = []
        judge.judge(
            events.event, payload: event.record.payload, decoder: events.decoder, template: applied.inForce, failure: failure, into: &findings)
        let place = events.place(of: event, in: source)
        return findings.filter { $0.rule.severity >= minimum && events.filter.admits(module: $0.module) }
            .map { ShownFinding($0, of: events.event, template: applied.inForce, at: place) }
    }
}

/// A finding as a monitor shows it: of one event, or what was found so far.
struct ShownFinding: MonitorItem {
    let place: EventPlace
    let tenant: String
    let device: String
    let eventTime: Timestamp
    let rule: String
    let severity: String
    let templateID: String
    let templateVersion: Int32?
    let module: String
    let component: String
    let path: String
    /// Where in the payload; nil for what was found before, which is kept without.
    let byteOffset: Int?
    let message: String
    /// How many events have it, up to this one.
    let count: Int64

    init(_ finding: Finding, of event: borrowing DecodedEvent, template: TemplateInForce, at place: EventPlace) {
        self.place = place
        tenant = event.string(event.tenant)
        device = event.string(event.deviceID)
        eventTime = event.eventTime
        rule = finding.rule.rawValue
        severity = finding.rule.severity.name
        switch template {
        case .unassigned: (templateID, templateVersion) = ("", nil)
        case .unknown(let id): (templateID, templateVersion) = (id, nil)
        case .version(let version): (templateID, templateVersion) = (version.templateID, version.version)
        }
        module = finding.module
        component = finding.component
        path = finding.path
        byteOffset = finding.byteOffset
        message = finding.message
        count = 1
    }

    /// What was found before, at its last event.
    init(_ row: FindingRow) {
        place = EventPlace(ingestTime: row.lastSeen, source: row.lastSource, offset: row.lastOffset)
        tenant = row.tenant
        device = row.device
        eventTime = row.lastSeen
        rule = row.rule
        severity = row.severity
        templateID = row.templateID
        templateVersion = row.templateVersion
        module = row.module
        component = row.component
        path = row.path
        byteOffset = nil
        message = row.message
        count = row.count
    }

    func line(_ palette: Palette) -> String {
        let position = palette.dim("\(eventTime.rfc3339) \(place.source):\(place.offset)")
        let times = count > 1 ? " ×\(count)" : ""
        return "\(position) \(palette.device(device)) \(palette.label(severity)) \(rule)\(times) \(PrintableText.of(message))"
    }

    var tree: JSONTree {
        .object([
            "tenant": .string(tenant), "device_id": .string(device), "source": .integer(place.source), "offset": .integer(place.offset),
            "event_time": .string(eventTime.rfc3339), "rule": .string(rule), "severity": .string(severity), "template_id": .string(templateID),
            "template_version": templateVersion.map { .integer($0) } ?? .null, "module": .string(module), "component": .string(component),
            "path": .string(path), "byte_offset": byteOffset.map { .integer($0) } ?? .null, "count": .integer(count), "message": .string(message),
        ])
    }
}
