import Diagnostics
import JSON

/// What `hindcast fleet summary` shows.
struct FleetSummaryReport {
    let rows: [FleetRow]
    let ago: Ago

    func lines(_ palette: Palette) -> [String] {
        guard !rows.isEmpty else { return ["No devices yet; `hindcast status` shows how far ingest and projections are."] }
        var lines: [String] = []
        for row in rows {
            if !lines.isEmpty { lines.append("") }
            lines.append(
                "\(palette.bold("tenant \(row.tenant.isEmpty ? "\"\"" : PrintableText.of(row.tenant))")) \(palette.dim("as of \(ago.text(row.asOf))"))"
            )
            var facts = [("devices", "\(row.devices)", "")]
            for (label, count) in zip(FleetRow.labels, row.counts) { facts.append((label, "\(count)", Self.share(count, row.devices))) }
            if row.deleted > 0 { facts.append(("deleted", "\(row.deleted)", "besides")) }
            facts.append(("messages, 24 h", "\(row.messages)", ""))
            facts.append(("failed, 24 h", "\(row.failed)", Self.share(row.failed, row.messages)))
            if row.openGaps > 0 { facts.append(("open gaps", "\(row.openGaps)", "")) }
            let (width, digits) = (facts.map(\.0.count).max() ?? 0, facts.map(\.1.count).max() ?? 0)
            for (name, count, share) in facts {
                let label = palette.label(name) + String(repeating: " ", count: width - name.count)
                lines.append(
                    "  \(label)  \(String(repeating: " ", count: digits - count.count))\(count)\(share.isEmpty ? "" : "  " + palette.dim(share))")
            }
        }
        return lines
    }

    /// Each tenant as an object on one line.
    var json: [String] {
        rows.map { row in
            var members: [JSONTree.Member] = [
                .init(key: "tenant", value: .string(row.tenant)), .init(key: "as_of", value: .string(row.asOf.rfc3339)),
                .init(key: "devices", value: .integer(row.devices)),
            ]
            for (label, count) in zip(FleetRow.labels, row.counts) { members.append(.init(key: label, value: .integer(count))) }
            members += [
                .init(key: "messages_24h", value: .integer(row.messages)), .init(key: "failed_messages_24h", value: .integer(row.failed)),
                .init(key: "open_gaps", value: .integer(row.openGaps)), .init(key: "deleted", value: .integer(row.deleted)),
            ]
            return JSONTree.object(members).onOneLine
        }
    }

    private static func share(_ part: Int64, _ whole: Int64) -> String {
        guard part > 0, whole > 0 else { return "" }
        let percent = Double(part) * 100 / Double(whole)
        return percent < 0.1 ? "<0.1 %" : "\((percent * 10).rounded() / 10) %"
    }
}

/// What `hindcast fleet causes` shows.
struct FleetCausesReport {
    let rows: [FleetCauseRow]
    let ago: Ago

    func lines(_ palette: Palette) -> [String] {
        guard !rows.isEmpty else { return [palette.good("nothing wrong found")] }
        var table = TextTable(
            ("CAUSE", .left), ("CONFIDENCE", .left), ("DEVICES", .right), ("MESSAGES", .right), ("FIRST SEEN", .left), ("TENANT", .left),
            ("TO DO", .left))
        for row in rows {
            table.add(
                row.cause, row.confidence, "\(row.devices)", "\(row.messages)", ago.text(row.firstSeen), PrintableText.of(row.tenant), row.mitigation)
        }
        return table.lines(palette)
    }

    /// Each cause of each tenant as an object on one line.
    var json: [String] {
        rows.map { row in
            JSONTree.object([
                "tenant": .string(row.tenant), "cause": .string(row.cause), "confidence": .string(row.confidence), "devices": .integer(row.devices),
                "messages": .integer(row.messages), "first_seen": .string(row.firstSeen.rfc3339), "meaning": .string(row.meaning),
                "mitigation": .string(row.mitigation), "as_of": .string(row.asOf.rfc3339),
            ]).onOneLine
        }
    }
}
