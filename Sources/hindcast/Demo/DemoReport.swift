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

    /// Why data does not show up: the causes, each with a device that has it before all others.
    func causes() -> [String] {
        let findings = Dictionary(grouping: view.findings, by: \.device)
        let firsts = Dictionary(grouping: view.causes, by: \.device).values.compactMap(\.first).sorted { $0.device < $1.device }
        var table = TextTable(("CAUSE", .left), ("DEVICES", .right), ("MESSAGES", .right), ("FOR EXAMPLE", .left))
        for cause in view.fleetCauses {
            let examples = firsts.filter { $0.cause == cause.cause } + view.causes.filter { $0.cause == cause.cause }
            let example = examples.first.map { row -> String in
                let finding = findings[row.device]?.first { $0.lastSource == row.evidenceSource && $0.lastOffset == row.evidenceOffset }
                return "\(row.device): \(finding?.message ?? row.meaning)"
            }
            table.add(cause.cause, "\(cause.devices)", cause.messages > 0 ? "\(cause.messages)" : "", PrintableText.of(example ?? cause.meaning))
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
