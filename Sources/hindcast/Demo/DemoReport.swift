import Diagnostics

/// What the demo prints: the fleet, the causes, one device in full.
struct DemoReport {
    let view: DemoView
    let palette: Palette

    /// The fleet by health.
    func fleet() -> [String] {
        var table = TextTable(("HEALTH", .left), ("DEVICES", .right))
        for (label, count) in zip(FleetRow.labels, view.summary.counts) { table.add(label, "\(count)") }
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
            table.add(
                cause.cause, "\(cause.devices)", cause.messages > 0 ? "\(cause.messages)" : "",
                Self.shortened(PrintableText.of(example ?? cause.meaning)))
        }
        return [palette.bold("Why data does not show up")] + table.lines(palette)
    }

    /// How many gaps are listed; each of the exports that carry one device alone makes one.
    private static let gapsListed = 5

    /// What exports did not deliver, what is known best first.
    func gaps() -> [String] {
        let rows = view.gaps.filter { $0.events != nil } + view.gaps.filter { $0.events == nil }
        var table = TextTable(
            ("EXPORT", .left), ("CAUSE", .left), ("FROM", .left), ("TO", .left), ("DEVICES", .right), ("EVENTS", .right), ("GIVEN BACK", .right),
            ("STATE", .left))
        for row in rows.prefix(Self.gapsListed) {
            table.add(
                PrintableText.of(row.export), row.cause, row.start.rfc3339, row.end?.rfc3339 ?? "", row.devices.map { "\($0)" } ?? "unknown",
                row.events.map { "\($0)" } ?? "unknown", "\(row.backfilled)", row.state)
        }
        let more = rows.count > Self.gapsListed ? ["and \(rows.count - Self.gapsListed) more"] : []
        return [palette.bold("What exports did not deliver: hindcast export gaps")] + table.lines(palette) + more
    }

    /// No more of an example than a wide terminal shows.
    private static func shortened(_ text: String) -> String { text.count > 110 ? text.prefix(109) + "…" : text }

    /// The device that has most to say: the one with the most causes.
    var telling: DeviceRow? {
        let counts = Dictionary(grouping: view.causes, by: \.device).mapValues(\.count)
        return view.devices.min { (counts[$1.device] ?? 0, $0.device) < (counts[$0.device] ?? 0, $1.device) }
    }

    /// One device as `hindcast device diagnose` shows it.
    func device(_ report: DeviceReport) -> [String] {
        [palette.bold("One device in full: hindcast device diagnose \(PrintableText.of(report.device.device))")]
            + report.diagnosis(palette).map { "  " + $0 }
    }
}
