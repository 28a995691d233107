import Diagnostics
import JSON

/// One finding with where it was found: a row of what `hindcast validate` prints.
struct ReportedFinding {
    /// The capture, or the file that is one payload.
    let file: String
    /// Whether the file is a capture, whose lines are records.
    let isCapture: Bool
    /// The record's line in its file, from 1.
    let line: Int64
    /// The offset that the record says it had; 0 for a payload without a record.
    let offset: Int64
    let device: String
    /// The template that it was judged by, or that was named; empty where none applies.
    let templateID: String
    let finding: Finding

    var severity: Severity { finding.rule.severity }

    /// The names of the fields in CSV; JSON has the same.
    static let fields = [
        "file", "line", "offset", "rule", "severity", "path", "byte_offset", "device_id", "module", "component", "template_id", "expected", "actual",
        "message", "suggestion",
    ]

    /// The fields as CSV has them.
    var cells: [String] {
        [
            file, "\(line)", "\(offset)", finding.rule.rawValue, severity.name, finding.path, "\(finding.byteOffset)", device, finding.module,
            finding.component, templateID, finding.expected, finding.actual, finding.message, finding.suggestion ?? "",
        ]
    }

    /// The fields as JSON has them.
    var tree: JSONTree {
        .object([
            "file": .string(file), "line": .integer(line), "offset": .integer(offset), "rule": .string(finding.rule.rawValue),
            "severity": .string(severity.name), "path": .string(finding.path), "byte_offset": .integer(finding.byteOffset),
            "device_id": .string(device), "module": .string(finding.module), "component": .string(finding.component),
            "template_id": .string(templateID), "expected": .string(finding.expected), "actual": .string(finding.actual),
            "message": .string(finding.message), "suggestion": finding.suggestion.map { .string($0) } ?? .null,
        ])
    }

    /// One line for people. The byte is the payload's, so it stands apart from the line of a capture.
    func text(_ palette: Palette) -> String {
        let place = "\(file):\(line)"
        let who = device.isEmpty ? "(unknown device)" : PrintableText.of(device)
        return "\(palette.dim(place)) \(palette.label(severity.name)) \(finding.rule.rawValue) \(palette.bold(who)) byte \(finding.byteOffset): "
            + PrintableText.of(finding.message)
    }
}
