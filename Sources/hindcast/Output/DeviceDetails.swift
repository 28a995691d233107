import Diagnostics
import JSON

/// Properties of a device and errors that services reported about it.
struct DeviceDetails {
    let properties: [PropertyRow]
    let errors: [DeviceErrorRow]
    let ago: Ago

    func lines(_ palette: Palette) -> [String] { propertyLines(palette) + errorLines(palette) }

    /// Where the causes of trouble are shown.
    static func hint(_ causes: [CauseRow], _ palette: Palette) -> [String] {
        guard let first = causes.first else { return ["", palette.good("nothing wrong found")] }
        let more = causes.count > 1 ? " and \(causes.count - 1) more" : ""
        return ["", "\(palette.bad(first.cause))\(more): `hindcast device diagnose` shows evidence and what to do"]
    }

    private func propertyLines(_ palette: Palette) -> [String] {
        guard !properties.isEmpty else { return [] }
        var table = TextTable(("PROPERTY", .left), ("REPORTED", .left), ("DESIRED", .left), ("CLOUD", .left), ("IN SYNC", .left), ("CHANGED", .left))
        for row in properties {
            let name = [row.module, row.component, row.property].filter { !$0.isEmpty }.joined(separator: ".")
            table.add(
                PrintableText.of(name), Self.short(row.reported), Self.short(row.desired), Self.short(row.cloud),
                row.isInSync.map { $0 ? "yes" : "no" } ?? "", row.changedAt.map { ago.text($0) } ?? "")
        }
        return ["", palette.bold("Properties")] + table.lines(palette)
    }

    private func errorLines(_ palette: Palette) -> [String] {
        guard !errors.isEmpty else { return [] }
        var lines = ["", palette.bold("Reported errors")]
        for row in errors {
            let code = [row.origin, "\(row.status)", row.subcode, row.name].filter { !$0.isEmpty }.joined(separator: " ")
            lines.append(
                "\(palette.bad(PrintableText.of(code))) ×\(row.count), last \(ago.text(row.lastSeen)) at \(row.lastSource):\(row.lastOffset)")
            var facts: [(String, String)] = []
            if let meaning = row.meaning { facts.append(("means", meaning)) }
            if let message = row.message, !message.isEmpty { facts.append(("said", message)) }
            if let mitigation = row.mitigation { facts.append(("to do", mitigation)) }
            lines += FactLines.of(facts, palette).map { "   " + $0 }
        }
        return lines
    }

    /// No more of a value than a column takes.
    private static func short(_ value: String?) -> String {
        guard let value else { return "" }
        let text = PrintableText.of(value)
        return text.count > 40 ? text.prefix(40) + "…" : text
    }

    /// Both for programs: the views' columns.
    var members: [JSONTree.Member] {
        [
            .init(
                key: "properties",
                value: .array(
                    properties.map { row in
                        .object([
                            "module": .string(row.module), "component": .string(row.component), "property": .string(row.property),
                            "desired": .text(row.desired), "desired_version": Self.number(row.desiredVersion), "reported": .text(row.reported),
                            "reported_version": Self.number(row.reportedVersion), "cloud": .text(row.cloud),
                            "ack_code": Self.number(row.acknowledgement), "ack_version": Self.number(row.acknowledgedVersion),
                            "ack_description": .text(row.acknowledgementText), "in_sync": row.isInSync.map { .bool($0) } ?? .null,
                            "changed_at": .text(row.changedAt?.rfc3339),
                        ])
                    })),
            .init(
                key: "errors",
                value: .array(
                    errors.map { row in
                        .object([
                            "origin": .string(row.origin), "status": .integer(row.status), "subcode": .string(row.subcode), "name": .string(row.name),
                            "meaning": .text(row.meaning), "mitigation": .text(row.mitigation), "count": .integer(row.count),
                            "first_seen": .string(row.firstSeen.rfc3339), "last_seen": .string(row.lastSeen.rfc3339),
                            "last_source": .integer(row.lastSource), "last_offset": .integer(row.lastOffset), "message": .text(row.message),
                        ])
                    })),
        ]
    }

    private static func number(_ value: (some FixedWidthInteger)?) -> JSONTree { value.map { .integer($0) } ?? .null }
}
