import DTDL
import JSON
import Replay

/// What `hindcast replay plan` says.
struct ReplayPlanReport {
    let plan: ReplayPlan
    /// What one worker takes in, from a sample; nil where there is nothing to read.
    let eventsPerSecond: Double?

    /// How long one worker would read, in seconds.
    private var seconds: Int64? { eventsPerSecond.map { Int64((Double(plan.events) / $0).rounded(.up)) } }

    func text(_ palette: Palette) -> [String] {
        let run = plan.run
        var lines = [
            "replay \(run.id) planned\(run.templateID.map { ": \($0), tried on \(devices) against generation \(run.base)" } ?? ""); nothing is judged yet"
        ]
        if let templateID = run.templateID, let from = run.migratesFrom, from != templateID {
            lines.append("devices move from \(from) to \(templateID)")
        }
        if run.templateID != nil { lines += [""] + ChangeReport(changes: plan.changes).text(palette) }
        var table = TextTable(
            ("SOURCE", .right), ("TOPIC", .left), ("PARTITION", .right), ("IN FORCE FROM", .right), ("CUT", .right), ("EVENTS", .right),
            ("CHUNKS", .right), ("TAKEN BY RETENTION", .right))
        for source in plan.sources {
            table.add(
                "\(source.source)", PrintableText.of(source.topic), "\(source.partition)", "\(source.inForce)", "\(source.cut)",
                Grouped.text(source.events), Grouped.text(Int64(source.chunks)), Grouped.text(source.lost))
        }
        lines += [""] + (table.isEmpty ? ["The log has no sources, so there is nothing to read."] : table.lines(palette)) + [""]
        lines.append("devices: \(Grouped.text(run.coveredDevices)) judged again")
        if run.carriedDevices > 0 {
            lines.append(
                "carried over, because the change cannot touch them: \(Grouped.text(run.carriedDevices)) devices with \(Grouped.text(run.carriedEvents)) events"
            )
        }
        if let reason = plan.reasonForAll { lines.append("everything is read: \(reason)") }
        if let eventsPerSecond, let seconds {
            lines.append(
                "about \(Grouped.text(seconds)) s with one worker (\(Grouped.text(Int64(eventsPerSecond))) events/s in a sample), then indexes and the comparison"
            )
        }
        if let obstacle = run.obstacle { lines.append("cannot be promoted: \(obstacle)") }
        return lines + ["to go on: hindcast replay run \(run.id)"]
    }

    private var devices: String {
        plan.run.devices.isEmpty ? "all devices" : PrintableText.of(plan.run.devices.prefix(5).joined(separator: ", ")) + more
    }
    private var more: String { plan.run.devices.count > 5 ? " and \(plan.run.devices.count - 5) more" : "" }

    /// The plan, then each source, then each change of the template.
    var json: [String] {
        let run = plan.run
        let head = JSONTree.object([
            "type": .string("plan"), "run_id": .integer(run.id), "template_id": run.templateID.map { .string($0) } ?? .null,
            "base_generation": .integer(run.base), "devices": .array(run.devices.map { .string($0) }),
            "covered_devices": .integer(run.coveredDevices), "carried_devices": .integer(run.carriedDevices),
            "carried_events": .integer(run.carriedEvents), "lost_events": .integer(run.lostEvents), "events": .integer(plan.events),
            "reads_all": .bool(run.readsAll), "reason_for_all": plan.reasonForAll.map { .string($0) } ?? .null,
            "estimated_seconds": seconds.map { .integer($0) } ?? .null, "obstacle": run.obstacle.map { .string($0) } ?? .null,
        ])
        let sources = plan.sources.map { source in
            JSONTree.object([
                "type": .string("source"), "source_id": .integer(source.source), "topic": .string(source.topic),
                "partition": .integer(source.partition),
                "in_force_offset": .integer(source.inForce), "cut_offset": .integer(source.cut), "events": .integer(source.events),
                "chunks": .integer(source.chunks), "lost_events": .integer(source.lost),
            ])
        }
        let changes = plan.changes.map { change in
            JSONTree.object([
                "type": .string("template_change"), "effect": .string(change.effect.rawValue), "change": .string(change.kind.rawValue),
                "module": .string(change.module), "component": .string(change.component), "capability": .string(change.capability),
                "pointer": .string(change.pointer), "before": .string(change.before), "after": .string(change.after),
            ])
        }
        return ([head] + sources + changes).map(\.onOneLine)
    }
}
