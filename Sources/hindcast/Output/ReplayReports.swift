import Catalog
import Diagnostics
import Hashing
import Replay

/// What `hindcast replay plan` says.
struct ReplayPlanReport {
    let plan: ReplayPlan
    /// Measured on a sample; nil where there is nothing to read.
    let eventsPerSecond: Double?

    func lines(_ palette: Palette) -> [String] {
        let run = plan.run
        var lines = [
            "run \(run.id): \(PrintableText.of(run.templateID ?? "the live generation again")), generation \(run.generation) beside \(run.base)"
        ]
        if !run.devices.isEmpty { lines.append("tried on the past of: \(run.devices.map(PrintableText.of).joined(separator: ", "))") }
        if run.templateID != nil {
            lines += ["", "Differs from the version in force:"] + ChangeReport(changes: plan.changes).text(palette)
        }
        lines.append("")
        var table = TextTable(
            ("SOURCE", .right), ("TOPIC", .left), ("PARTITION", .right), ("UP TO", .right), ("IN FORCE FROM", .right), ("EVENTS", .right),
            ("LOST", .right), ("CHUNKS", .right))
        for source in plan.sources {
            table.add(
                "\(source.source)", PrintableText.of(source.topic), "\(source.partition)", "\(source.cut)", "\(source.inForce)", "\(source.events)",
                "\(source.lost)", "\(source.chunks)")
        }
        lines += table.isEmpty ? ["There are no sources."] : table.lines(palette)
        lines.append("")
        lines.append(coverage)
        if run.lostEvents > 0 { lines.append("retention has taken \(run.lostEvents) events, which cannot be judged again") }
        if let eventsPerSecond, eventsPerSecond > 0 {
            let seconds = Int((Double(max(plan.events - run.carriedEvents, 0)) / eventsPerSecond).rounded(.up))
            lines.append("about \(seconds) s with one worker, by a sample of \(Int(eventsPerSecond)) events a second")
        }
        if let obstacle = run.obstacle { lines.append("cannot be promoted: \(obstacle)") }
        lines.append("next: hindcast replay run \(run.id)")
        return lines
    }

    private var coverage: String {
        let run = plan.run
        if run.readsAll {
            return "reads everything of \(run.coveredDevices) devices" + (plan.reasonForAll.map { ", since \($0)" } ?? "")
        }
        return
            "reads everything of \(run.coveredDevices) devices; carries over \(run.carriedDevices) devices with \(run.carriedEvents) events, none of which the template applied to"
    }
}

/// One run as `show` and the acts print it.
struct ReplayRunReport {
    let run: ReplayRun
    var progress: ReplayProgress?

    var lines: [String] {
        var lines = ["run \(run.id) (\(run.purpose.rawValue)) is \(run.state.rawValue)" + (run.resumesIn.map { ", was \($0.rawValue)" } ?? "")]
        lines.append("generation \(run.generation), began with \(run.base)" + (run.templateID.map { ", tries \(PrintableText.of($0))" } ?? ""))
        if let progress {
            lines.append("\(progress.chunksDone) of \(progress.chunks) chunks, \(progress.eventsDone) of \(progress.events) events")
        }
        if let summary = run.summary {
            lines.append(
                "\(summary.appeared) appeared, \(summary.disappeared) disappeared, \(summary.changed) changed; \(summary.newErrors) new errors in \(summary.judged) events"
            )
            lines.append("diff \(summary.digest.hex)")
        }
        if let obstacle = run.obstacle { lines.append("cannot be promoted: \(obstacle)") }
        if let failure = run.failure { lines.append("failed: \(PrintableText.of(failure))") }
        return lines
    }
}

/// Where a generation that was built again differs.
struct ReplayDifferenceReport {
    let difference: Verification.Difference

    var lines: [String] {
        let device = difference.deviceID.isEmpty ? "the fleet" : "device \(PrintableText.of(difference.deviceID))"
        let place = [device, difference.at.map { "hour \($0.rfc3339)" }, difference.rule.map { "rule \($0)" }].compactMap(\.self).joined(
            separator: ", ")
        return [
            "differs first at \(place), in \(difference.table):", "  stored:  \(PrintableText.of(difference.stored ?? "nothing"))",
            "  rebuilt: \(PrintableText.of(difference.rebuilt ?? "nothing"))",
        ]
    }
}
