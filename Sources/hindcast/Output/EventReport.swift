import Diagnostics
import JSON

/// One event for people.
struct EventReport {
    private let event: EventRow

    init(_ event: EventRow) { self.event = event }

    /// Every column, one a line, then the payload.
    func lines(_ palette: Palette) -> [String] {
        var fields: [(String, String)] = [
            ("position", "\(event.source):\(event.offset)"), ("segment", "\(event.segment)"), ("tenant", event.tenant), ("device", event.device),
            ("kind", event.kind), ("envelope", event.envelope),
        ]
        if let module = event.module { fields.append(("module", module)) }
        if let component = event.component { fields.append(("component", component)) }
        fields.append(("event time", event.eventTime.rfc3339))
        fields.append(("broker time", event.brokerTime?.rfc3339 ?? "none"))
        fields.append(("ingest time", event.ingestTime.rfc3339))
        fields += ToldFacts(event).fields.map { ($0.name, $0.text) }
        fields.append(("key", Self.text(event.key)))
        for (name, value) in Self.headers(event.headers) { fields.append(("header \(Self.text(name))", Self.text(value))) }
        let width = fields.map(\.0.count).max() ?? 0
        let rows = fields.map { palette.dim($0 + String(repeating: " ", count: width - $0.count)) + "  " + PrintableText.of($1) }
        guard let payload = event.payload else { return rows + [palette.dim("payload"), "null"] }
        return rows + [palette.dim("payload, \(payload.count) bytes")]
            + Self.text(payload).split(separator: "\n").map { PrintableText.of(String($0)) }
    }

    /// The event on one line.
    func summary(_ palette: Palette) -> String {
        let place = EventPlace(ingestTime: event.ingestTime, source: event.source, offset: event.offset)
        return Self.line(place: place, device: event.device, what: event.kind, payload: event.payload, palette)
    }

    /// One line: when, where, who, what, and the beginning of the payload.
    static func line(place: EventPlace, device: String, what: String, payload: [UInt8]?, _ palette: Palette) -> String {
        // No more than can be shown is made printable; a payload may have megabytes.
        let body = PrintableText.of(text(payload.map { beginning(of: $0) }))
        let shown = body.count > 160 ? body.prefix(160) + "…" : body[...]
        return
            "\(palette.dim("\(place.ingestTime.rfc3339) \(place.source):\(place.offset)")) \(palette.device(device)) \(what) \(shown)"
    }

    /// The first bytes, cut between two characters where they are text.
    private static func beginning(of bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 1000 else { return bytes }
        var end = 1000
        while end > 996, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(bytes[..<end])
    }

    private static func headers(_ bytes: [UInt8]) -> [(name: [UInt8], value: [UInt8]?)] {
        var headers: [(name: [UInt8], value: [UInt8]?)] = []
        var reader = HeaderReader(bytes.rawBytes)
        while let header = reader.next() { headers.append((Array(bytes[header.name]), header.value.map { Array(bytes[$0]) })) }
        return headers
    }

    /// UTF-8 as it stands, other bytes in hexadecimal.
    private static func text(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "null" }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
