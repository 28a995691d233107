import Diagnostics
import JSON

/// An explained event for people and for programs.
struct ExplanationReport {
    private let event: ExplainedEvent

    init(_ event: ExplainedEvent) { self.event = event }

    /// The event's bytes with each finding marked at its place, then each finding with the part of the template that it was judged by and what to do.
    func lines(_ palette: Palette) -> [String] {
        let device = event.device.isEmpty ? "(unknown device)" : PrintableText.of(event.device)
        var lines = [
            "\(palette.bold("\(event.source):\(event.offset)")) \(palette.bold(device)) \(event.kind.name) (\(event.envelope.name)) \(event.eventTime.rfc3339)",
            "template: \(template)",
        ]
        lines += event.told.fields.map { "\($0.name): \(PrintableText.of($0.text))" }
        if let ruleSet = event.olderRuleSet {
            lines.append(
                palette.doubtful(
                    "Rule set \(ruleSet) was in force here, and this program has rule set \(Rule.setVersion): what follows is what today's rules say."
                ))
        }
        lines += payload(palette)
        if event.faults.isEmpty { return lines + [palette.good("Nothing is wrong with this event.")] }
        for (number, fault) in event.faults.enumerated() { lines += self.lines(number + 1, fault, palette) }
        return lines
    }

    /// The same as one JSON object.
    var tree: JSONTree {
        let facts: JSONTree = .object([
            "source": .integer(Int(event.source)), "offset": .integer(event.offset), "device_id": .string(event.device),
            "kind": .string(event.kind.name), "envelope": .string(event.envelope.name), "event_time": .string(event.eventTime.rfc3339),
            "template_id": .string(event.templateID), "template_version": event.templateVersion.map { .integer(Int($0)) } ?? .null,
            "older_rule_set": event.olderRuleSet.map { .integer($0) } ?? .null, "findings": .array(event.faults.map(Self.tree)),
        ])
        return .object(facts.members + event.told.members)
    }

    // MARK: -

    private var template: String {
        if let version = event.templateVersion { return "\(PrintableText.of(event.templateID)) version \(version)" }
        return event.templateID.isEmpty ? "none applies" : "\(PrintableText.of(event.templateID)), which was never published here"
    }

    private func payload(_ palette: Palette) -> [String] {
        guard let bytes = event.payload else { return [palette.dim("payload: null")] }
        let marked = MarkedBytes(bytes)
        let marks = event.faults.map(\.finding.byteOffset)
        var lines = [palette.dim("payload, \(bytes.count) bytes")]
        var next = 0
        for number in marked.shownRows(marks: marks) {
            if number > next { lines.append(palette.dim("         …")) }
            next = number + 1
            let row = marked.row(number)
            let start = "\(row.start)"
            lines.append(palette.dim(String(repeating: " ", count: max(0, 8 - start.count)) + start) + "  " + row.text)
            for (index, mark) in marks.enumerated() where marked.row(of: mark) == number {
                let column = row.columns[min(max(0, mark - row.start), row.columns.count - 1)]
                let fault = event.faults[index].finding
                let label = "^ \(index + 1) \(fault.rule.rawValue)"
                lines.append(
                    String(repeating: " ", count: 10 + column) + (fault.rule.severity == .error ? palette.bad(label) : palette.doubtful(label)))
            }
        }
        return lines
    }

    private func lines(_ number: Int, _ fault: ExplainedEvent.Fault, _ palette: Palette) -> [String] {
        let finding = fault.finding
        var lines = [
            "",
            "\(number). \(palette.label(finding.rule.severity.name)) \(palette.bold(finding.rule.rawValue)) byte \(finding.byteOffset): "
                + PrintableText.of(finding.message),
        ]
        if let part = fault.templatePart { lines.append("   template  \(PrintableText.of(BoundedText.bound(part.onOneLine, limit: 2000)))") }
        lines.append("   to do     \(finding.rule.action)")
        return lines
    }

    private static func tree(_ fault: ExplainedEvent.Fault) -> JSONTree {
        let finding = fault.finding
        return .object([
            "rule": .string(finding.rule.rawValue), "severity": .string(finding.rule.severity.name), "path": .string(finding.path),
            "byte_offset": .integer(finding.byteOffset), "module": .string(finding.module), "component": .string(finding.component),
            "expected": .string(finding.expected), "actual": .string(finding.actual), "message": .string(finding.message),
            "suggestion": finding.suggestion.map { .string($0) } ?? .null, "action": .string(finding.rule.action),
            "template_part": fault.templatePart ?? .null,
        ])
    }
}
