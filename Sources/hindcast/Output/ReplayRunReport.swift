import Catalog
import Diagnostics
import Hashing
import JSON
import Replay

/// A run as `hindcast replay list` and `show` show it.
struct ReplayRunReport {
    let run: ReplayRun
    /// How far it has come; nil in a list.
    let progress: ReplayProgress?
    /// Whether what it was compared with is still kept up.
    var hasWayBack = true

    static func table(_ reports: [ReplayRunReport], _ palette: Palette) -> [String] {
        guard !reports.isEmpty else { return ["No replays."] }
        var table = TextTable(
            ("ID", .right), ("STATE", .left), ("PURPOSE", .left), ("TEMPLATE", .left), ("PLANNED", .left), ("APPEAR", .right), ("DISAPPEAR", .right),
            ("CHANGE", .right), ("NEW ERRORS", .right))
        for report in reports {
            let (run, summary) = (report.run, report.run.summary)
            func number(_ part: KeyPath<ReplayRun.Summary, Int64>) -> String { summary.map { Grouped.text($0[keyPath: part]) } ?? "" }
            table.add(
                "\(run.id)", run.state.words, run.purpose.words, run.templateID ?? "as live", run.plannedAt.rfc3339, number(\.appeared),
                number(\.disappeared), number(\.changed), number(\.newErrors))
        }
        return table.lines(palette)
    }

    /// One part a line, then what can be done next.
    var text: [String] {
        var parts: [(String, String)] = [
            ("replay", "\(run.id), \(run.state.words)" + (run.resumesIn.map { ", goes on \($0.words)" } ?? "")),
            ("purpose", run.purpose.words), ("template", run.templateID ?? "none: the live generation's own"),
        ]
        if let from = run.migratesFrom, from != run.templateID { parts.append(("instead of", from)) }
        parts += [
            ("devices", run.devices.isEmpty ? "all" : PrintableText.of(run.devices.joined(separator: ", "))),
            ("from", run.fromTime?.rfc3339 ?? "the beginning"), ("to", run.toTime?.rfc3339 ?? "the cut, then new events"),
            ("generation", "\(run.generation), compared with \(run.base)"),
            ("judged again", "\(Grouped.text(run.coveredDevices)) devices" + (run.readsAll ? ", every event is read" : "")),
            ("carried over", "\(Grouped.text(run.carriedDevices)) devices, \(Grouped.text(run.carriedEvents)) events"),
        ]
        if run.lostEvents > 0 { parts.append(("taken by retention", "\(Grouped.text(run.lostEvents)) events")) }
        if let progress {
            parts.append(
                (
                    "progress",
                    "\(Grouped.text(progress.eventsDone)) of \(Grouped.text(progress.events)) events, \(progress.chunksDone) of \(progress.chunks) chunks"
                ))
        }
        let times = [("planned", run.plannedAt), ("started", run.startedAt), ("finished", run.finishedAt)]
        parts += times.compactMap { name, time in time.map { (name, $0.rfc3339) } }
        if let summary = run.summary {
            parts += [
                (
                    "would change",
                    "\(Grouped.text(summary.appeared)) appear, \(Grouped.text(summary.disappeared)) disappear, \(Grouped.text(summary.changed)) change"
                ),
                ("new errors", "\(Grouped.text(summary.newErrors)) in \(Grouped.text(summary.judged)) events"), ("digest", summary.digest.hex),
            ]
        }
        if let obstacle = run.obstacle { parts.append(("cannot be promoted", obstacle)) }
        if let failure = run.failure { parts.append(("failure", PrintableText.of(failure))) }
        if let next { parts.append(("next", next)) }
        let width = parts.map(\.0.count).max() ?? 0
        return parts.map { name, value in name + String(repeating: " ", count: width - name.count + 2) + value }
    }

    /// What an operator would do next.
    private var next: String? {
        switch run.state {
        case .planned, .loading, .indexing, .catchingUp: "hindcast replay run \(run.id)"
        case .paused, .failed: "hindcast replay resume \(run.id)"
        case .ready: run.obstacle == nil ? "hindcast replay diff \(run.id), then promote or abort" : "hindcast replay diff \(run.id), then abort"
        case .live: hasWayBack ? "hindcast replay rollback \(run.id), or retire what was live before" : nil
        case .retired, .aborted: nil
        }
    }

    /// Every part, by the names of `replay_runs` where that has it.
    var tree: JSONTree {
        func text(_ value: String?) -> JSONTree { value.map { .string($0) } ?? .null }
        func number(_ value: Int64?) -> JSONTree { value.map { .integer($0) } ?? .null }
        let summary = run.summary
        var members: [JSONTree.Member] = []
        func add(_ pairs: KeyValuePairs<String, JSONTree>) { members += pairs.map { JSONTree.Member(key: $0.key, value: $0.value) } }
        add([
            "run_id": .integer(run.id), "state": .string(run.state.rawValue), "purpose": .string(run.purpose.rawValue),
            "template_id": text(run.templateID), "from_template_id": text(run.migratesFrom), "devices": .array(run.devices.map { .string($0) }),
            "from_time": text(run.fromTime?.rfc3339), "to_time": text(run.toTime?.rfc3339), "generation": .integer(run.generation),
            "base_generation": .integer(run.base), "reads_all": .bool(run.readsAll), "covered_devices": .integer(run.coveredDevices),
            "carried_devices": .integer(run.carriedDevices), "carried_events": .integer(run.carriedEvents), "lost_events": .integer(run.lostEvents),
            "planned_at": .string(run.plannedAt.rfc3339), "started_at": text(run.startedAt?.rfc3339), "finished_at": text(run.finishedAt?.rfc3339),
        ])
        if let progress { add(["events": .integer(progress.events), "events_done": .integer(progress.eventsDone)]) }
        add([
            "appeared": number(summary?.appeared), "disappeared": number(summary?.disappeared), "changed": number(summary?.changed),
            "new_errors": number(summary?.newErrors), "judged_events": number(summary?.judged), "diff_digest": text(summary?.digest.hex),
            "obstacle": text(run.obstacle), "failure": text(run.failure),
        ])
        return .object(members)
    }
}
