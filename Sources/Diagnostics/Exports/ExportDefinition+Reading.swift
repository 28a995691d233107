package import JSON

extension ExportDefinition {
    /// Reads an export in the shape of IoT Central's REST API (`Exports - Get`). Members that are not known here are left alone; ids are bounded.
    ///
    /// Throws where a member that counts is missing or of another type; the error names it.
    package static func read(_ tree: JSONTree) throws(ExportFileError) -> ExportDefinition {
        let reading = try ExportReading(tree, noun: "an export")
        var definition = ExportDefinition(exportID: try reading.identifier("id"))
        definition.displayName = try reading.text("displayName")
        definition.isEnabled = try reading.flag("enabled") ?? true
        let source = try reading.text("source")
        guard let known = ExportSource(rawValue: source) else {
            let names = ExportSource.allCases.map(\.rawValue).joined(separator: ", ")
            let actual = source.isEmpty ? "nothing" : BoundedText.bound(source, limit: BoundedText.identifierLimit)
            throw ExportFileError(
                source.isEmpty ? .missingMember : .unknownValue, at: "/source", "expected what the export sends, one of \(names); found \(actual)")
        }
        definition.source = known
        definition.filter = try reading.text("filter")
        definition.enrichmentKeys = try reading.object("enrichments")?.members.map(\.key) ?? []
        definition.targets = try targets(of: reading)
        definition.status = try reading.text("status")
        definition.errors = try reading.faults()
        definition.lastExportTime = try reading.time("lastExportTime")
        return definition
    }

    private static func targets(of reading: ExportReading) throws(ExportFileError) -> [Target] {
        var targets: [Target] = []
        for (index, element) in try reading.objects("destinations").enumerated() {
            guard let id = element["id"]?.stringValue, !id.isEmpty else {
                throw ExportFileError(.missingMember, at: "/destinations/\(index)/id", "each destination of an export is named by its id, a text")
            }
            let transform = element["transform"]
            let hasTransform = transform.map { !$0.isNull && $0.stringValue != "" } ?? false
            let bounded = BoundedText.bound(id, limit: BoundedText.identifierLimit)
            // Two entries for one destination are one route: what either transforms is transformed.
            if let place = targets.firstIndex(where: { $0.destinationID == bounded }) {
                targets[place].hasTransform = targets[place].hasTransform || hasTransform
            } else {
                targets.append(Target(destinationID: bounded, hasTransform: hasTransform))
            }
        }
        return targets
    }
}
