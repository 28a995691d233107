import Diagnostics
import JSON

/// Devices as rows of a table.
struct DeviceListReport {
    let rows: [DeviceRow]
    let ago: Ago

    func lines(_ palette: Palette) -> [String] {
        guard !rows.isEmpty else { return ["No devices."] }
        var table = TextTable(
            ("HEALTH", .left), ("DEVICE", .left), ("TENANT", .left), ("REGISTRATION", .left), ("CONNECTION", .left), ("LAST SEEN", .left),
            ("24 H", .right), ("FAILED", .right), ("CAUSE", .left), ("TEMPLATE", .left))
        for row in rows {
            let template = row.templateID.map { PrintableText.of($0) + (row.templateVersion.map { "@\($0)" } ?? "") } ?? "none"
            table.add(
                row.health, PrintableText.of(row.device), PrintableText.of(row.tenant), row.registration, row.connection, ago.age(row.lastSeen),
                "\(row.messages)", "\(row.failed)", row.cause ?? "", template)
        }
        return table.lines(palette)
    }

    /// Each device as an object on one line.
    var json: [String] {
        rows.map { JSONTree.object($0.members + [.init(key: "cause", value: .text($0.cause))]).onOneLine }
    }
}

/// One line per device that has causes.
struct DiagnosisLine {
    /// Of one device, by rank; at least one.
    let causes: [CauseRow]

    func text(_ palette: Palette) -> String {
        guard let first = causes.first else { return "" }
        let shown = causes.map { "\($0.cause) (\($0.confidence)\($0.evidence.map { ", \($0)" } ?? ""))" }.joined(separator: "; ")
        return "\(palette.device(first.device)) \(palette.dim(PrintableText.of(first.tenant))) \(shown)"
    }

    var json: String {
        guard let first = causes.first else { return "" }
        return JSONTree.object([
            "tenant": .string(first.tenant), "device_id": .string(first.device), "causes": .array(causes.map { .object($0.members) }),
        ]).onOneLine
    }
}
