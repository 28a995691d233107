import Diagnostics
import JSON

/// What is known about one device: health, facts and, where there are any, causes.
struct DeviceReport {
    let device: DeviceRow
    let registration: RegistrationRow?
    let causes: [CauseRow]
    let ago: Ago

    /// The health line, the facts, then the causes with what to do.
    func diagnosis(_ palette: Palette) -> [String] { heading(palette) + facts(palette) + [""] + causeLines(palette) }

    /// The health line: who it is and how it is.
    func heading(_ palette: Palette) -> [String] {
        let reasons = device.reasons.isEmpty ? "" : ": " + device.reasons.joined(separator: ", ")
        return [
            "\(palette.device(device.device)) \(palette.dim("of tenant")) \(device.tenant.isEmpty ? "\"\"" : PrintableText.of(device.tenant))",
            "\(palette.label(device.health)) since \(ago.text(device.since))\(PrintableText.of(reasons))",
        ]
    }

    /// The facts, one a line.
    func facts(_ palette: Palette) -> [String] {
        var status = device.registration
        if let registration {
            if let since = registration.since { status += " since \(ago.text(since))" }
            if let meaning = registration.meaning { status += ": \(meaning)" }
            if registration.isSimulated == true { status += " It is simulated." }
        }
        var facts = [("registration", status)]
        if let mitigation = registration?.mitigation { facts.append(("to do", mitigation)) }
        facts.append(("connection", device.connection))
        facts.append(("template", template))
        facts.append(("last seen", ago.text(device.lastSeen)))
        facts.append(("last telemetry", lastTelemetry))
        facts.append(("sends every", device.expectedInterval.map { TimeSpan(microseconds: Int64($0 * 1_000_000)).text } ?? "not known yet"))
        facts.append(("last 24 hours", traffic))
        return FactLines.of(facts, palette)
    }

    /// The causes, the first to look at first, each with its evidence and what to do.
    func causeLines(_ palette: Palette) -> [String] {
        if causes.isEmpty { return [palette.good("nothing wrong found")] }
        var lines: [String] = []
        for (number, cause) in causes.enumerated() {
            if number > 0 { lines.append("") }
            let events = cause.messages > 0 ? ", \(cause.messages) events" : ""
            lines.append("\(number + 1). \(palette.bad(palette.bold(cause.cause))) (\(cause.confidence)) since \(ago.text(cause.since))\(events)")
            lines += FactLines.of(
                [("means", cause.meaning), ("evidence", cause.evidence.map { "hindcast explain \($0)" } ?? "none"), ("to do", cause.mitigation)],
                palette
            ).map { "   " + $0 }
        }
        return lines
    }

    private var template: String {
        guard let id = device.templateID else { return "none" }
        return id + (device.templateVersion.map { " version \($0)" } ?? ", by which no event of it was judged yet")
    }

    /// What was sent in an earlier life does not count, though the traffic does.
    private var lastTelemetry: String {
        device.lastTelemetry == nil && device.registration == "deleted" ? "none since the device was deleted" : ago.text(device.lastTelemetry)
    }

    private var traffic: String {
        var parts = ["\(device.messages) messages"]
        for (count, what) in [
            (device.failed, "failed"), (device.malformed, "not JSON"), (device.repeated, "repeated"), (device.flaps, "connection changes"),
        ] where count > 0 { parts.append("\(count) \(what)") }
        return parts.joined(separator: ", ")
    }

    /// All of it as one object.
    var tree: JSONTree {
        .object(
            device.members + [
                .init(key: "registration_info", value: registration?.tree ?? .null),
                .init(key: "causes", value: .array(causes.map { .object($0.members) })),
            ])
    }
}

/// Names with values in two columns.
enum FactLines {
    static func of(_ facts: [(String, String)], _ palette: Palette) -> [String] {
        let width = facts.map(\.0.count).max() ?? 0
        return facts.map { palette.dim($0.0 + String(repeating: " ", count: width - $0.0.count)) + "  " + PrintableText.of($0.1) }
    }
}

extension DeviceRow {
    /// The row for programs: the view's columns.
    var members: [JSONTree.Member] {
        [
            .init(key: "tenant", value: .string(tenant)), .init(key: "device_id", value: .string(device)),
            .init(key: "health", value: .string(health)), .init(key: "reasons", value: .array(reasons.map { .string($0) })),
            .init(key: "since", value: .string(since.rfc3339)), .init(key: "registration", value: .string(registration)),
            .init(key: "connection", value: .string(connection)), .init(key: "template_id", value: .text(templateID)),
            .init(key: "template_version", value: templateVersion.map { .integer($0) } ?? .null),
            .init(key: "last_seen", value: .string(lastSeen.rfc3339)), .init(key: "last_telemetry", value: .text(lastTelemetry?.rfc3339)),
            .init(key: "expected_interval_seconds", value: expectedInterval.map { .double($0) } ?? .null),
            .init(key: "messages_24h", value: .integer(messages)), .init(key: "failed_messages_24h", value: .integer(failed)),
            .init(key: "malformed_24h", value: .integer(malformed)), .init(key: "repeated_24h", value: .integer(repeated)),
            .init(key: "flaps_24h", value: .integer(flaps)), .init(key: "score", value: .integer(score)),
            .init(key: "as_of", value: .string(asOf.rfc3339)),
        ]
    }
}

extension RegistrationRow {
    /// The row for programs: the view's columns.
    fileprivate var tree: JSONTree {
        func flag(_ value: Bool?) -> JSONTree { value.map { .bool($0) } ?? .null }
        return .object([
            "status": .string(status), "meaning": .text(meaning), "mitigation": .text(mitigation), "status_since": .text(since?.rfc3339),
            "approved": flag(isApproved), "blocked": flag(isBlocked), "provisioned": flag(isProvisioned), "simulated": flag(isSimulated),
            "template_id": .text(templateID),
        ])
    }
}

extension CauseRow {
    /// The row for programs: the view's columns without those that name the device.
    var members: [JSONTree.Member] {
        [
            .init(key: "cause", value: .string(cause)), .init(key: "confidence", value: .string(confidence)),
            .init(key: "rank", value: .integer(rank)), .init(key: "since", value: .string(since.rfc3339)),
            .init(key: "evidence_source", value: evidenceSource.map { .integer($0) } ?? .null),
            .init(key: "evidence_offset", value: evidenceOffset.map { .integer($0) } ?? .null),
            .init(key: "messages", value: .integer(messages)), .init(key: "meaning", value: .string(meaning)),
            .init(key: "mitigation", value: .string(mitigation)),
        ]
    }
}

extension JSONTree {
    /// A string, or null.
    static func text(_ value: String?) -> JSONTree { value.map { .string($0) } ?? .null }
}
