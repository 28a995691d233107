import Diagnostics
import Simulation

/// Holds what `export_gaps` says against what the plan says is not delivered.
struct DemoGapComparison {
    let planned: [PlannedGap]
    let rows: [ExportGapRow]
    /// Whether that which the demo gives back was given back by now.
    let isGivenBack: Bool

    /// Every difference, in a sentence each.
    func differences() -> [String] {
        var all: [String] = []
        var left = Dictionary(planned.map { (Place($0), $0) }, uniquingKeysWith: { first, _ in first })
        for row in rows {
            let place = Place(row)
            let name = place.description
            guard let gap = left.removeValue(forKey: place) else {
                all.append("export_gaps has a gap \(name) (\(row.cause)) that the plan has not.")
                continue
            }
            compare("cause of the gap \(name)", row.cause, gap.cause, &all)
            compare("end of the gap \(name)", row.end?.rfc3339 ?? "open", gap.end ?? "open", &all)
            compare("events in the gap \(name)", Self.text(row.events.map { Int($0) }), Self.text(gap.events), &all)
            compare("devices in the gap \(name)", Self.text(row.devices.map { Int($0) }), Self.text(gap.devices), &all)
            let back = isGivenBack && gap.isGivenBack
            compare("backfilled_events of the gap \(name)", Self.text(Int(row.backfilled)), Self.text(back ? gap.events : 0), &all)
            compare("state of the gap \(name)", row.state, back ? "filled" : gap.end == nil ? "open" : "closed", &all)
        }
        for (place, gap) in left.sorted(by: { $0.key.description < $1.key.description }) {
            all.append("export_gaps lacks the gap \(place) (\(gap.cause)).")
        }
        return all
    }

    private static func text(_ count: Int?) -> String { count.map { "\($0)" } ?? "unknown" }

    private func compare(_ what: String, _ actual: String, _ expected: String, _ all: inout [String]) {
        if actual != expected { all.append("\(what): \(actual), planned \(expected).") }
    }
}

/// Which gap it is: an export delivers to a destination or does not, so there is one from an instant at most.
private struct Place: Hashable, CustomStringConvertible {
    let export: String
    let destination: String
    let start: String

    init(_ gap: PlannedGap) { (export, destination, start) = (gap.exportID, gap.destinationID, gap.start) }

    init(_ row: ExportGapRow) { (export, destination, start) = (row.export, row.destination, row.start.rfc3339) }

    var description: String { "of \(export) to \"\(destination)\" from \(start)" }
}
