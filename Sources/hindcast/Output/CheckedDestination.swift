import Diagnostics
import JSON

/// A destination and what was found about its permissions.
struct CheckedDestination {
    let tenant: String
    let destination: ExportDestination
    let findings: [PermissionFinding]

    func lines(_ palette: Palette) -> [String] {
        let title = DestinationPermissions.row(of: destination.kind)?.title ?? destination.kind.rawValue
        var lines = ["\(palette.bold(PrintableText.of(destination.destinationID))) \(palette.dim(PrintableText.of("\(title), tenant \(tenant)")))"]
        for finding in findings {
            lines.append("   \(palette.label(finding.severity.name)) \(finding.code.rawValue)")
            var facts = [("needed", finding.needed), ("seen", finding.seen)]
            if !finding.action.isEmpty { facts.append(("to do", finding.action)) }
            lines += FactLines.of(facts, palette).map { "      " + $0 }
        }
        return findings.isEmpty ? lines + ["   \(palette.good("nothing to do"))"] : lines
    }

    /// Each finding as an object on one line.
    var json: [String] {
        findings.map { finding in
            JSONTree.object([
                "tenant": .string(tenant), "destination_id": .string(destination.destinationID), "type": .string(destination.kind.rawValue),
                "code": .string(finding.code.rawValue), "severity": .string(finding.severity.name), "needed": .string(finding.needed),
                "seen": .string(finding.seen), "action": .string(finding.action),
            ]).onOneLine
        }
    }
}
