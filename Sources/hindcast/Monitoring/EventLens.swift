import Diagnostics
import EventLog
import JSON
import Postgres

/// Looks at events as they came.
struct EventLens: MonitorLens {
    static let kinds: [EventKind] = []

    private var events: EventFilter

    init(_ filter: MonitorFilter) { events = EventFilter(filter) }

    mutating func ends(on connection: inout Connection) throws -> [(source: LogSource, end: Int64)] {
        try LogSources.all(on: &connection).map { ($0, $0.nextOffset) }
    }

    mutating func prepare(_ source: LogSource, on connection: inout Connection) throws {}

    mutating func items(of event: borrowing LoggedEvent, in source: LogSource) -> [MonitoredEvent] {
        guard events.take(event, in: source), events.filter.admits(module: events.event.string(events.event.module)) else { return [] }
        return [MonitoredEvent(events.event, record: event.record, at: events.place(of: event, in: source))]
    }
}

/// An event as a monitor shows it.
struct MonitoredEvent: MonitorItem {
    let place: EventPlace
    let tenant: String
    let device: String
    let kind: String
    let envelope: String
    let module: String
    let component: String
    let template: String
    let eventTime: Timestamp
    let deviceTime: Timestamp?
    let payload: [UInt8]?

    init(_ event: borrowing DecodedEvent, record: borrowing RecordView, at place: EventPlace) {
        self.place = place
        tenant = event.string(event.tenant)
        device = event.string(event.deviceID)
        kind = event.kind.name
        envelope = event.envelope.name
        module = event.string(event.module)
        component = event.string(event.component)
        template = event.string(event.templateRef)
        eventTime = event.eventTime
        deviceTime = event.deviceTime
        if let bytes = record.payload {
            var copy: [UInt8] = []
            bytes.append(to: &copy)
            payload = copy
        } else {
            payload = nil
        }
    }

    func line(_ palette: Palette) -> String {
        let part = [module, component].filter { !$0.isEmpty }.map { PrintableText.of($0) }.joined(separator: "/")
        return EventReport.line(
            place: place, device: device, what: part.isEmpty ? kind : "\(kind) \(part)", payload: payload, palette)
    }

    var tree: JSONTree {
        let body = PayloadTree(payload)
        return .object([
            "tenant": .string(tenant), "device_id": .string(device), "source": .integer(place.source), "offset": .integer(place.offset),
            "event_time": .string(eventTime.rfc3339), "ingest_time": .string(place.ingestTime.rfc3339),
            "device_time": deviceTime.map { .string($0.rfc3339) } ?? .null, "kind": .string(kind), "envelope": .string(envelope),
            "module": .string(module), "component": .string(component), "template_id": .string(template), "payload": body.json,
            "payload_text": body.text, "payload_base64": body.base64,
        ])
    }
}

/// A payload for programs: as JSON, else as text, else in Base64; null where it is not that.
struct PayloadTree {
    let json: JSONTree
    let text: JSONTree
    let base64: JSONTree

    init(_ payload: [UInt8]?) {
        guard let payload else {
            (json, text, base64) = (.null, .null, .null)
            return
        }
        if let tree = try? JSONTree.parse(payload) {
            (json, text, base64) = (tree, .null, .null)
        } else if let string = String(validating: payload, as: UTF8.self) {
            (json, text, base64) = (.null, .string(string), .null)
        } else {
            (json, text, base64) = (.null, .null, .string(Base64.text(payload)))
        }
    }
}
