import Diagnostics

/// What the demo prints: the fleet, the causes, one device in full.
struct DemoReport {
    let view: DemoView
    let palette: Palette

    /// The fleet by health.
    func fleet() -> [String] {
        var table = TextTable(("HEALTH", .left), ("DEVICES", .right))
        for label in ["healthy", "degraded", "failing", "silent", "blocked", "unassigned", "unknown"] {
            table.add(label, "\(view.summary.byHealth[label] ?? 0)")
        }
        let title = "\(view.summary.devices) devices, \(view.summary.messages) messages, \(view.summary.failed) of them failed"
        return [palette.bold(title)] + table.lines(palette)
    }

    /// Why data does not show up: the findings by what they are about, then what no message shows.
    func causes() -> [String] {
        struct Cause {
            var devices: Set<String> = []
            var messages: Int64 = 0
            let example: FindingRow
        }
        var causes: [[String]: Cause] = [:]
        for row in view.findings {
            var cause = causes[[row.severity, row.rule, row.component, row.path]] ?? Cause(example: row)
            cause.devices.insert(row.device)
            cause.messages += row.count
            causes[[row.severity, row.rule, row.component, row.path]] = cause
        }
        var table = TextTable(("CAUSE", .left), ("DEVICES", .right), ("MESSAGES", .right), ("FOR EXAMPLE", .left))
        for cause in causes.values.sorted(by: { ($1.devices.count, $0.example.rule) < ($0.devices.count, $1.example.rule) }) {
            table.add(
                cause.example.rule, "\(cause.devices.count)", "\(cause.messages)",
                PrintableText.of("\(cause.example.device): \(cause.example.message)"))
        }
        for label in ["silent", "blocked"] {
            let devices = view.devices.filter { $0.health == label }
            if let first = devices.first { table.add(label, "\(devices.count)", "", "\(first.device): last seen \(first.lastSeen.rfc3339)") }
        }
        return [palette.bold("Why data does not show up")] + table.lines(palette)
    }

    /// One device with everything that is known of it.
    func device(_ row: SelectDeviceHealth.Row, lastEvent: EventRow?) -> [String] {
        let fields: [(String, String)] = [
            ("health", palette.label(row.health)), ("reasons", row.reasons.joined(separator: ", ")),
            ("template", row.templateID.map { "\($0) version \(row.templateVersion.map { "\($0)" } ?? "?")" } ?? "none"),
            ("registration", row.registration), ("connection", row.connection), ("last seen", row.lastSeen.rfc3339),
            ("messages", "\(row.messages), failed \(row.failed), malformed \(row.malformed)"),
        ]
        let width = fields.map(\.0.count).max() ?? 0
        var lines = [palette.bold("One device in full: \(row.device)")]
        lines += fields.map { "  " + palette.dim($0 + String(repeating: " ", count: width - $0.count)) + "  \($1)" }
        for finding in view.findings where finding.device == row.device {
            lines.append("  \(palette.label(finding.severity)) \(finding.rule) ×\(finding.count): \(PrintableText.of(finding.message))")
            lines.append(
                "  "
                    + palette.dim(
                        "first \(finding.firstSeen.rfc3339), last \(finding.lastSeen.rfc3339) at \(finding.lastSource):\(finding.lastOffset)"))
        }
        if let lastEvent { lines.append("  " + EventReport(lastEvent).summary(palette)) }
        return lines
    }
}
