import Diagnostics
import JSON

/// Findings in the formats of `hindcast findings`.
struct FindingsReport {
    let rows: [FindingRow]

    /// The names of the fields in JSON and CSV: those of the view's columns.
    static let fields = [
        "tenant", "device_id", "template_id", "template_version", "module", "component", "path", "rule", "severity", "count", "first_seen",
        "last_seen",
        "last_source", "last_offset", "message",
    ]

    func text(_ format: TableFormat, _ palette: Palette) -> String {
        switch format {
        case .text: table(palette)
        case .json: json()
        case .csv: ([Self.fields] + rows.map(\.cells)).map(CSVLine.text).joined()
        }
    }

    private func table(_ palette: Palette) -> String {
        guard !rows.isEmpty else { return "No findings.\n" }
        var table = TextTable(
            ("SEVERITY", .left), ("DEVICE", .left), ("RULE", .left), ("WHERE", .left), ("COUNT", .right), ("LAST EVENT", .right), ("MESSAGE", .left))
        for row in rows {
            let place = row.component.isEmpty ? row.path : "\(row.component) \(row.path)"
            table.add(
                row.severity, PrintableText.of(row.device), row.rule, PrintableText.of(place), "\(row.count)", "\(row.lastSource):\(row.lastOffset)",
                PrintableText.of(row.message))
        }
        return table.lines(palette).joined(separator: "\n") + "\n"
    }

    private func json() -> String {
        var writer = JSONWriter(layout: .pretty)
        writer.tree(.array(rows.map(\.tree)))
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension FindingRow {
    /// The fields as CSV has them.
    fileprivate var cells: [String] {
        [
            tenant, device, templateID, templateVersion.map { "\($0)" } ?? "", module, component, path, rule, severity, "\(count)", firstSeen.rfc3339,
            lastSeen.rfc3339, "\(lastSource)", "\(lastOffset)", message,
        ]
    }

    /// The fields as JSON has them.
    var tree: JSONTree {
        .object([
            "tenant": .string(tenant), "device_id": .string(device), "template_id": .string(templateID),
            "template_version": templateVersion.map { .integer($0) } ?? .null, "module": .string(module), "component": .string(component),
            "path": .string(path), "rule": .string(rule), "severity": .string(severity), "count": .integer(count),
            "first_seen": .string(firstSeen.rfc3339), "last_seen": .string(lastSeen.rfc3339), "last_source": .integer(lastSource),
            "last_offset": .integer(lastOffset), "message": .string(message),
        ])
    }
}
