import DTDL
import Diagnostics
import EventLog
import JSON
import Postgres

/// Looks at values of properties: what devices report, what is desired of them, and what only the service keeps.
struct PropertyLens: MonitorLens {
    /// The kinds of events that may carry values of properties.
    static let kinds: [EventKind] = [.propertyReported, .propertyDesired, .propertyCloud, .twin]

    private var events: EventFilter

    init(_ filter: MonitorFilter) { events = EventFilter(filter) }

    mutating func ends(on connection: inout Connection) throws -> [(source: LogSource, end: Int64)] {
        try LogSources.all(on: &connection).map { ($0, $0.nextOffset) }
    }

    mutating func prepare(_ source: LogSource, on connection: inout Connection) throws {}

    mutating func items(of event: borrowing LoggedEvent, in source: LogSource) -> [PropertyChange] {
        guard events.take(event, in: source), events.event.hasDocument, let payload = event.record.payload,
            events.event.sections.contains(where: \.kind.isProperty)
        else { return [] }
        var sink = PropertySink(event: events.event, place: events.place(of: event, in: source))
        // A reference to the tape, not a copy: the document must not depend on this value.
        let decoder = events.decoder
        SectionValues.walk(events.event, in: decoder.document(over: payload), device: "", into: &sink)
        return sink.changes.filter { events.filter.admits(module: $0.module) }
    }
}

/// One property with the value that an event gives it.
struct PropertyChange: MonitorItem {
    let place: EventPlace
    let tenant: String
    let device: String
    let eventTime: Timestamp
    /// `reported`, `desired` or `cloud`.
    let section: String
    let module: String
    let component: String
    let property: String
    /// The value itself, without the wrapping of an acknowledgement; null deletes.
    let value: JSONTree
    /// Whether the device took a desired value, as it acknowledges it (IoT Plug and Play conventions, "Writable properties"); nil where it does not say.
    let acknowledgement: Acknowledgement?

    struct Acknowledgement: Equatable, Sendable {
        let code: Int64?
        let version: Int64?
        let description: String?
    }

    func line(_ palette: Palette) -> String {
        let name = [module, component, property].filter { !$0.isEmpty }.map { PrintableText.of($0) }.joined(separator: ".")
        let text = PrintableText.of(value.onOneLine)
        let shown = text.count > 160 ? text.prefix(160) + "…" : text[...]
        var line =
            "\(palette.dim("\(place.ingestTime.rfc3339) \(place.source):\(place.offset)")) \(palette.device(device)) \(section) \(name) = \(shown)"
        if let acknowledgement { line += " " + palette.dim("(\(Self.text(acknowledgement)))") }
        return line
    }

    private static func text(_ acknowledgement: Acknowledgement) -> String {
        var words = ["acknowledged"]
        if let code = acknowledgement.code { words.append("with \(code)") }
        if let version = acknowledgement.version { words.append("at version \(version)") }
        if let description = acknowledgement.description { words.append("\"\(PrintableText.of(description))\"") }
        return words.joined(separator: " ")
    }

    var tree: JSONTree {
        .object([
            "tenant": .string(tenant), "device_id": .string(device), "source": .integer(place.source), "offset": .integer(place.offset),
            "event_time": .string(eventTime.rfc3339), "ingest_time": .string(place.ingestTime.rfc3339), "section": .string(section),
            "module": .string(module), "component": .string(component), "property": .string(property), "value": value,
            "ack_code": (acknowledgement?.code).map { .integer($0) } ?? .null,
            "ack_version": (acknowledgement?.version).map { .integer($0) } ?? .null,
            "ack_description": (acknowledgement?.description).map { .string($0) } ?? .null,
        ])
    }
}

/// Takes the values of one event's sections.
private struct PropertySink: ValueSink {
    let place: EventPlace
    let tenant: String
    let device: String
    let eventTime: Timestamp
    var changes: [PropertyChange] = []

    init(event: borrowing DecodedEvent, place: EventPlace) {
        self.place = place
        tenant = event.string(event.tenant)
        device = event.string(event.deviceID)
        eventTime = event.eventTime
    }

    mutating func observe(
        _ name: String, _ value: JSONNode, in document: borrowing JSONDocument, as kind: ModelInference.Kind, module: String, component: String,
        origin: String
    ) {
        if kind == .telemetry { return }
        var own = document.tree(value)
        var acknowledgement: PropertyChange.Acknowledgement?
        if kind == .reportedProperty, own["ac"] != nil, let inner = own["value"] {
            acknowledgement = PropertyChange.Acknowledgement(
                code: own["ac"]?.integerValue, version: own["av"]?.integerValue, description: own["ad"]?.stringValue)
            own = inner
        }
        changes.append(
            PropertyChange(
                place: place, tenant: tenant, device: device, eventTime: eventTime, section: kind.rawValue, module: module, component: component,
                property: name, value: own, acknowledgement: acknowledgement))
    }
}
