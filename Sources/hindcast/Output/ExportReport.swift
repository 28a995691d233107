import Diagnostics
import Exports
import JSON

/// One export as it is known.
struct ExportReport {
    let tenant: String
    let definition: ExportDefinition
    let bindings: [ExportBinding]
    private let history: [KnownExports.Version<ExportDefinition>]
    private let destinations: [(id: String, versions: [KnownExports.Version<ExportDestination>])]

    /// Nil where the tenant has no such export.
    init?(_ id: String, _ known: KnownExports, _ bindings: [ExportBinding]) {
        guard let definition = known.export(id), let history = known.exports[id] else { return nil }
        tenant = known.tenant
        self.definition = definition
        self.history = history
        self.bindings = bindings.filter { $0.route.tenant == known.tenant && $0.route.exportID == id }
        destinations = definition.targets.map { ($0.destinationID, known.destinations[$0.destinationID] ?? []) }
    }

    static func table(_ reports: [ExportReport], _ palette: Palette) -> [String] {
        guard !reports.isEmpty else { return ["No exports. `hindcast export import` stores what IoT Central's REST API says of them."] }
        var table = TextTable(
            ("EXPORT", .left), ("NAME", .left), ("TENANT", .left), ("SENDS", .left), ("ENABLED", .left), ("DESTINATIONS", .left), ("FILTER", .left),
            ("VERSIONS", .right))
        for report in reports {
            let definition = report.definition
            table.add(
                PrintableText.of(definition.exportID), PrintableText.of(definition.displayName), PrintableText.of(report.tenant),
                definition.source.rawValue, definition.isEnabled ? "yes" : "no",
                PrintableText.of(definition.targets.map(\.destinationID).joined(separator: " ")), definition.filter.isEmpty ? "" : "yes",
                "\(report.history.count)")
        }
        return table.lines(palette)
    }

    func lines(_ palette: Palette) -> [String] {
        var facts = [
            ("name", definition.displayName), ("tenant", tenant), ("sends", definition.source.rawValue),
            ("enabled", definition.isEnabled ? "yes" : "no"), ("filter", definition.filter.isEmpty ? "none" : definition.filter),
        ]
        if !definition.enrichmentKeys.isEmpty { facts.append(("enrichments", definition.enrichmentKeys.joined(separator: ", "))) }
        if !definition.status.isEmpty { facts.append(("status", definition.status)) }
        for fault in definition.errors { facts.append(("error", "\(fault.code): \(fault.message)")) }
        if let time = definition.lastExportTime { facts.append(("last export", time.rfc3339)) }
        for binding in bindings { facts.append(("feeds", "topic \(binding.topic) of the log, through destination \(binding.route.destinationID)")) }
        var lines = [palette.bold(PrintableText.of(definition.exportID))] + FactLines.of(facts, palette)
        for (id, versions) in destinations {
            lines += ["", palette.bold("Destination \(PrintableText.of(id))")]
            guard let destination = versions.last?.value else {
                lines.append("   not imported: what it is, and whether it takes simulated devices, is not known")
                continue
            }
            var facts = [
                ("name", destination.displayName), ("type", destination.kind.rawValue),
                ("authorization", destination.authorization == .unknown ? "unknown" : destination.authorization.rawValue),
                ("simulated", destination.takesSimulatedDevices ? "sent" : "left out: that is how a managed identity works"),
            ]
            if !destination.topic.isEmpty { facts.append(("topic", destination.topic)) }
            if !destination.status.isEmpty { facts.append(("status", destination.status)) }
            for fault in destination.errors { facts.append(("error", "\(fault.code): \(fault.message)")) }
            lines += FactLines.of(facts, palette).map { "   " + $0 }
        }
        lines += ["", palette.bold("Versions")]
        var table = TextTable(("VERSION", .left), ("IN FORCE FROM", .left), ("ENABLED", .left), ("FILTER", .left))
        for version in history {
            table.add(
                version.number.map { "\($0)" } ?? "event", version.from.rfc3339, version.value.isEnabled ? "yes" : "no",
                PrintableText.of(version.value.filter))
        }
        return lines + table.lines(palette)
    }

    /// For programs: what it is.
    var members: [JSONTree.Member] {
        [
            .init(key: "tenant", value: .string(tenant)), .init(key: "export_id", value: .string(definition.exportID)),
            .init(key: "display_name", value: .string(definition.displayName)), .init(key: "source", value: .string(definition.source.rawValue)),
            .init(key: "enabled", value: .bool(definition.isEnabled)), .init(key: "filter", value: .string(definition.filter)),
            .init(key: "destinations", value: .array(definition.targets.map { .string($0.destinationID) })),
            .init(key: "bound_topics", value: .array(bindings.map { .string($0.topic) })),
            .init(key: "last_export_time", value: .text(definition.lastExportTime?.rfc3339)),
        ]
    }

    /// For programs: every version of it and of its destinations, masked.
    var versions: [JSONTree.Member] {
        [
            .init(key: "versions", value: .array(history.map { Self.version($0.number, $0.from, $0.body) })),
            .init(
                key: "destination_versions",
                value: .array(destinations.flatMap { $0.versions.map { Self.version($0.number, $0.from, $0.body) } })),
        ]
    }

    private static func version(_ number: Int32?, _ from: Timestamp, _ body: String) -> JSONTree {
        var definition = JSONTree.null
        do throws(JSONSyntaxError) { definition = try JSONTree.parse(Array(body.utf8)) } catch { definition = .string(body) }
        return .object([
            "version": number.map { .integer($0) } ?? .null, "valid_from": .string(from.rfc3339), "definition": definition,
        ])
    }
}
