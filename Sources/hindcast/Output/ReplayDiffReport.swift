import Catalog
import Diagnostics
import Hashing
import JSON
import Postgres
import Replay

/// What a run would change, in the formats of `hindcast replay diff`.
struct ReplayDiffReport: Sendable {
    let run: Int32
    let summary: ReplayRun.Summary
    let devices: SelectChangedDevices.Row
    /// What the groups are counted by; nil where none were asked for.
    let dimension: ReplayChangeGroup.Dimension?
    let groups: [ReplayChangeGroup]
    let changes: [ReplayChange]

    /// Reads it.
    ///
    /// - Throws: where the run was not compared yet, or its diff is gone.
    static func read(_ id: Int32, _ view: ReplayDiffOptions, on connection: inout Connection) throws -> ReplayDiffReport {
        let run = try ReplayRuns.show(id, on: &connection)
        guard let summary = run.summary else {
            throw OperatorError(.usage, "Replay \(id) is \(run.state.rawValue) and was not compared yet; `hindcast replay run \(id)` does so.")
        }
        guard run.state != .aborted else { throw OperatorError(.usage, "Replay \(id) is aborted, and what it would have changed was dropped.") }
        // Text names the rules anyway: they say what kind of change it is.
        let dimension = view.by ?? (view.format == .text ? .rule : nil)
        let groups =
            try dimension.map { dimension throws(ReplayError) in
                try ReplayChangeGroup.list(run: id, by: dimension, limit: view.limit, on: &connection)
            } ?? []
        let isListed = view.format != .csv || view.by == nil
        return ReplayDiffReport(
            run: id, summary: summary, devices: try connection.queryOne(SelectChangedDevices(run: id)) ?? .init(fixed: 0, broken: 0),
            dimension: dimension, groups: groups, changes: isListed ? try ReplayChange.list(run: id, limit: view.limit, on: &connection) : [])
    }

    func text(_ format: TableFormat, _ palette: Palette) -> String {
        switch format {
        case .text: lines(palette).map { $0 + "\n" }.joined()
        case .json: trees.map { $0.onOneLine + "\n" }.joined()
        case .csv: csv
        }
    }

    // MARK: - Text

    private func lines(_ palette: Palette) -> [String] {
        var lines = [
            "replay \(run): \(Grouped.text(summary.appeared)) findings appear, \(Grouped.text(summary.disappeared)) disappear, "
                + "\(Grouped.text(summary.changed)) change; \(Grouped.text(summary.newErrors)) new errors in \(Grouped.text(summary.judged)) events",
            "devices: \(Grouped.text(devices.fixed)) fixed, \(Grouped.text(devices.broken)) broken",
        ]
        if let dimension, !groups.isEmpty { lines += [""] + table(dimension).lines(palette) }
        if !changes.isEmpty { lines += [""] + examples.lines(palette) }
        let total = summary.appeared + summary.disappeared + summary.changed
        if !changes.isEmpty, Int64(changes.count) < total { lines.append("… and \(Grouped.text(total - Int64(changes.count))) more") }
        return lines + ["", "digest \(summary.digest.hex)"]
    }

    private func table(_ dimension: ReplayChangeGroup.Dimension) -> TextTable {
        var table = TextTable(
            (dimension.rawValue.uppercased(), .left), ("DEVICES", .right), ("APPEAR", .right), ("DISAPPEAR", .right), ("CHANGE", .right),
            ("BEFORE", .right), ("AFTER", .right))
        for group in groups {
            table.add(
                PrintableText.of(group.name), dimension == .day ? "" : Grouped.text(group.devices), Grouped.text(group.appeared),
                Grouped.text(group.disappeared), Grouped.text(group.changed), Grouped.text(group.countBefore), Grouped.text(group.countAfter))
        }
        return table
    }

    private var examples: TextTable {
        var table = TextTable(
            ("CHANGE", .left), ("SEVERITY", .left), ("DEVICE", .left), ("RULE", .left), ("WHERE", .left), ("BEFORE", .right), ("AFTER", .right),
            ("EVENT", .right), ("MESSAGE", .left))
        for change in changes {
            let place = change.component.isEmpty ? change.path : "\(change.component) \(change.path)"
            table.add(
                change.kind.rawValue, change.severityName, PrintableText.of(change.deviceID), change.rule, PrintableText.of(place),
                "\(change.countBefore)", "\(change.countAfter)", "\(change.exampleSource):\(change.exampleOffset)", PrintableText.of(change.message))
        }
        return table
    }

    // MARK: - For programs

    /// The summary, then groups where they were asked for, then changes.
    private var trees: [JSONTree] {
        var trees: [JSONTree] = [
            .object([
                "type": .string("summary"), "run_id": .integer(run), "appeared": .integer(summary.appeared),
                "disappeared": .integer(summary.disappeared), "changed": .integer(summary.changed), "new_errors": .integer(summary.newErrors),
                "events": .integer(summary.judged), "devices_fixed": .integer(devices.fixed), "devices_broken": .integer(devices.broken),
                "diff_digest": .string(summary.digest.hex),
            ])
        ]
        trees += groups.map { group in
            .object([
                "type": .string("group"), "by": .string(dimension?.rawValue ?? ""), "name": .string(group.name), "devices": .integer(group.devices),
                "appeared": .integer(group.appeared), "disappeared": .integer(group.disappeared), "changed": .integer(group.changed),
                "count_before": .integer(group.countBefore), "count_after": .integer(group.countAfter),
            ])
        }
        return trees + changes.map(\.tree)
    }

    private var csv: String {
        guard let dimension else { return ([ReplayChange.fields] + changes.map(\.cells)).map(CSVLine.text).joined() }
        let head = [dimension.rawValue, "devices", "appeared", "disappeared", "changed", "count_before", "count_after"]
        let rows = groups.map { group in
            [
                group.name, "\(group.devices)", "\(group.appeared)", "\(group.disappeared)", "\(group.changed)", "\(group.countBefore)",
                "\(group.countAfter)",
            ]
        }
        return ([head] + rows).map(CSVLine.text).joined()
    }
}

extension ReplayChange {
    fileprivate static let fields = [
        "change", "tenant", "device_id", "template_id", "module", "component", "path", "rule", "day", "severity", "count_before", "count_after",
        "example_source", "example_offset", "message",
    ]

    fileprivate var severityName: String { Severity(rawValue: severity)?.name ?? "" }

    /// Empty but for places that a device chooses.
    private var dayName: String { day == 0 ? "" : String(Timestamp(startOfDay: day).rfc3339.prefix(10)) }

    fileprivate var cells: [String] {
        [
            kind.rawValue, tenant, deviceID, templateID, module, component, path, rule, dayName, severityName, "\(countBefore)", "\(countAfter)",
            "\(exampleSource)", "\(exampleOffset)", message,
        ]
    }

    fileprivate var tree: JSONTree {
        .object([
            "type": .string("change"), "change": .string(kind.rawValue), "tenant": .string(tenant), "device_id": .string(deviceID),
            "template_id": .string(templateID), "module": .string(module), "component": .string(component), "path": .string(path),
            "rule": .string(rule), "day": day == 0 ? .null : .string(dayName), "severity": .string(severityName),
            "count_before": .integer(countBefore), "count_after": .integer(countAfter), "example_source": .integer(exampleSource),
            "example_offset": .integer(exampleOffset), "message": .string(message),
        ])
    }
}
