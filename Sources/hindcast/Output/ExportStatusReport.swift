import Diagnostics
import JSON

/// Exports and destinations as rows of a table.
struct ExportStatusReport {
    let rows: [ExportStatusRow]
    let ago: Ago

    func lines(_ palette: Palette) -> [String] {
        guard !rows.isEmpty else { return ["No exports."] }
        var table = TextTable(
            ("EXPORT", .left), ("DESTINATION", .left), ("TENANT", .left), ("SENDS", .left), ("STATUS", .left), ("SINCE", .left), ("DELIVERED", .left),
            ("OPEN GAPS", .right), ("LAST ERROR", .left))
        for row in rows {
            table.add(
                PrintableText.of(row.export), PrintableText.of(row.destination), PrintableText.of(row.tenant), row.source, row.status,
                row.since?.rfc3339 ?? "", row.lastDelivered.map { ago.text($0) } ?? "unknown", "\(row.openGaps)",
                PrintableText.of(row.lastError ?? ""))
        }
        return table.lines(palette)
    }

    /// Each route as an object on one line: the view's columns, the lag in seconds.
    var json: [String] {
        rows.map { row in
            JSONTree.object([
                "tenant": .string(row.tenant), "export_id": .string(row.export), "destination_id": .string(row.destination),
                "enabled": row.isEnabled.map { .bool($0) } ?? .null, "status": .string(row.status), "last_error": .text(row.lastError),
                "last_delivered": .text(row.lastDelivered?.rfc3339), "lag_seconds": row.lag.map { .integer(Int64($0)) } ?? .null,
                "display_name": .string(row.name), "source": .string(row.source), "kind": .string(row.kind),
                "status_since": .text(row.since?.rfc3339),
                "open_gaps": .integer(row.openGaps), "as_of": .string(row.asOf.rfc3339),
            ]).onOneLine
        }
    }
}
