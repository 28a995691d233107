import Diagnostics
import Hashing
import JSON
import Replay

/// What `hindcast replay diff` says.
struct ReplayDiffReport {
    let run: ReplayRun
    var changes: [ReplayChange] = []
    var groups: [ReplayChangeGroup] = []
    /// What the groups are counted by; nil where changes are listed.
    var by: ReplayChangeGroup.Dimension?

    private static let titles = [
        "change", "tenant", "device_id", "template_id", "module", "component", "path", "rule", "day", "severity", "count_before", "count_after",
        "message",
        "example_source", "example_offset",
    ]

    private static let groupTitles = ["name", "devices", "appeared", "disappeared", "changed", "count_before", "count_after"]

    func text(_ format: TableFormat, _ palette: Palette) -> String {
        switch format {
        case .text: lines(palette).map { $0 + "\n" }.joined()
        case .json: JSONTree.array(by == nil ? changes.map(Self.json) : groups.map(Self.json)).onOneLine + "\n"
        case .csv:
            if by == nil {
                CSVLine.text(Self.titles) + changes.map { CSVLine.text(Self.fields($0)) }.joined()
            } else {
                CSVLine.text(Self.groupTitles) + groups.map { CSVLine.text(Self.fields($0)) }.joined()
            }
        }
    }

    // MARK: -

    private func lines(_ palette: Palette) -> [String] {
        var lines: [String] = []
        if let summary = run.summary {
            lines.append(
                "run \(run.id): \(summary.appeared) appeared, \(summary.disappeared) disappeared, \(summary.changed) changed; \(summary.newErrors) new errors in \(summary.judged) events"
            )
        }
        if let by, !groups.isEmpty {
            var table = TextTable(
                (by.rawValue.uppercased(), .left), ("DEVICES", .right), ("APPEARED", .right), ("DISAPPEARED", .right), ("CHANGED", .right),
                ("BEFORE", .right), ("AFTER", .right))
            for group in groups {
                table.add(
                    PrintableText.of(group.name), by == .day ? "" : "\(group.devices)", "\(group.appeared)", "\(group.disappeared)",
                    "\(group.changed)",
                    "\(group.countBefore)", "\(group.countAfter)")
            }
            lines += table.lines(palette)
        } else if !changes.isEmpty {
            var table = TextTable(
                ("CHANGE", .left), ("SEVERITY", .left), ("DEVICE", .left), ("RULE", .left), ("WHERE", .left), ("BEFORE", .right), ("AFTER", .right),
                ("EXAMPLE", .left))
            for change in changes {
                let place = change.component.isEmpty ? change.path : "\(change.component) \(change.path)"
                table.add(
                    change.kind.rawValue, change.severityName, PrintableText.of(change.deviceID), change.rule, PrintableText.of(place),
                    "\(change.countBefore)", "\(change.countAfter)", "\(change.exampleSource):\(change.exampleOffset)")
            }
            lines += table.lines(palette)
        }
        if let summary = run.summary { lines.append("diff \(summary.digest.hex)") }
        return lines
    }

    private static func fields(_ change: ReplayChange) -> [String] {
        [
            change.kind.rawValue, change.tenant, change.deviceID, change.templateID, change.module, change.component, change.path, change.rule,
            change.dayName ?? "", change.severityName, "\(change.countBefore)", "\(change.countAfter)", change.message, "\(change.exampleSource)",
            "\(change.exampleOffset)",
        ]
    }

    private static func fields(_ group: ReplayChangeGroup) -> [String] {
        [group.name] + [group.devices, group.appeared, group.disappeared, group.changed, group.countBefore, group.countAfter].map(String.init)
    }

    private static func json(_ change: ReplayChange) -> JSONTree {
        .object([
            "change": .string(change.kind.rawValue), "tenant": .string(change.tenant), "device_id": .string(change.deviceID),
            "template_id": .string(change.templateID), "module": .string(change.module), "component": .string(change.component),
            "path": .string(change.path), "rule": .string(change.rule), "day": change.dayName.map { .string($0) } ?? .null,
            "severity": .string(change.severityName), "count_before": .integer(change.countBefore), "count_after": .integer(change.countAfter),
            "message": .string(change.message), "example_source": .integer(change.exampleSource), "example_offset": .integer(change.exampleOffset),
        ])
    }

    private static func json(_ group: ReplayChangeGroup) -> JSONTree {
        .object([
            "name": .string(group.name), "devices": .integer(group.devices), "appeared": .integer(group.appeared),
            "disappeared": .integer(group.disappeared), "changed": .integer(group.changed), "count_before": .integer(group.countBefore),
            "count_after": .integer(group.countAfter),
        ])
    }
}

extension ReplayChange {
    fileprivate var severityName: String { ["info", "warning", "error"][max(0, min(Int(severity) - 1, 2))] }

    /// The UTC day, where the place is bounded per day.
    fileprivate var dayName: String? { day == 0 ? nil : String(Timestamp(startOfDay: day).rfc3339.prefix(10)) }
}
