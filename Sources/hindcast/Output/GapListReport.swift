import Diagnostics
import JSON

/// Gaps as rows of a table.
struct GapListReport {
    let rows: [ExportGapRow]

    func lines(_ palette: Palette) -> [String] {
        guard !rows.isEmpty else { return ["No gaps."] }
        var table = TextTable(
            ("GAP", .left), ("STATE", .left), ("EXPORT", .left), ("DESTINATION", .left), ("CAUSE", .left), ("CERTAINTY", .left), ("FROM", .left),
            ("TO", .left), ("DEVICES", .right), ("EVENTS", .right), ("BACKFILLED", .right), ("FROM WHERE", .left))
        for row in rows {
            table.add(
                row.id, row.state, PrintableText.of(row.export), PrintableText.of(row.destination), row.cause, row.certainty, row.start.rfc3339,
                row.end?.rfc3339 ?? "", Self.count(row.devices), Self.count(row.events), "\(row.backfilled)", row.recovery)
        }
        return table.lines(palette)
    }

    /// Each gap as an object on one line: the view's columns.
    var json: [String] {
        rows.map { row in
            JSONTree.object([
                "tenant": .string(row.tenant), "gap_id": .string(row.id), "export_id": .string(row.export),
                "destination_id": .string(row.destination),
                "cause": .string(row.cause), "certainty": .string(row.certainty), "starts_at": .string(row.start.rfc3339),
                "ends_at": .text(row.end?.rfc3339), "devices": Self.number(row.devices), "events": Self.number(row.events),
                "bytes": Self.number(row.bytes), "recoverable": .bool(row.isRecoverable), "recovery": .string(row.recovery),
                "recovery_reason": .string(row.recoveryReason), "backfill_deadline": .text(row.deadline?.rfc3339),
                "backfilled_events": .integer(row.backfilled), "state": .string(row.state), "cause_text": .string(row.meaning),
                "evidence": .string(row.evidence), "accepted_reason": .text(row.acceptedReason),
            ]).onOneLine
        }
    }

    private static func count(_ value: Int64?) -> String { value.map { "\($0)" } ?? "unknown" }

    private static func number(_ value: Int64?) -> JSONTree { value.map { .integer($0) } ?? .null }
}
