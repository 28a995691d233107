import Diagnostics
import JSON

/// What `hindcast device history` shows.
struct TimelineReport {
    let device: DeviceRow
    /// Each change with the words for the state after it; nil before the device's first event.
    let entries: [(entry: Timeline.Entry, labels: SelectLabels.Row?)]

    func lines(_ palette: Palette) -> [String] {
        guard !entries.isEmpty else { return ["Nothing changed in that time."] }
        var table = TextTable(("TIME", .left), ("CHANGE", .left), ("STATUS", .left), ("CONNECTION", .left), ("WHERE", .left), ("WHAT", .left))
        for (entry, labels) in entries {
            table.add(
                entry.time.rfc3339, entry.kind.rawValue, labels?.registration ?? "", labels?.connection ?? "",
                entry.position?.description ?? entry.actor.map { "by \(PrintableText.of($0))" } ?? "", Self.what(entry))
        }
        return table.lines(palette)
    }

    private static func what(_ entry: Timeline.Entry) -> String {
        guard entry.count > 1 else { return PrintableText.of(entry.value) }
        return "\(entry.count) changes until \(entry.until.rfc3339), the last: \(PrintableText.of(entry.value))"
    }

    /// Each change as an object on one line.
    var json: [String] {
        entries.map { entry, labels in
            JSONTree.object([
                "tenant": .string(device.tenant), "device_id": .string(device.device), "time": .string(entry.time.rfc3339),
                "until": .string(entry.until.rfc3339), "change": .string(entry.kind.rawValue), "value": .string(entry.value),
                "count": .integer(entry.count), "source": entry.position.map { .integer($0.source) } ?? .null,
                "offset": entry.position.map { .integer($0.offset) } ?? .null, "actor": .text(entry.actor),
                "registration": .text(labels?.registration), "connection": .text(labels?.connection),
            ]).onOneLine
        }
    }
}
