import Diagnostics
import Hashing
import JSON

/// Findings as SARIF 2.1.0 (OASIS Standard, 27 March 2020), which code hosts show beside the lines of a file. Written in pieces, so that nothing is kept.
struct SARIFReport {
    private var isFirst = true

    /// Everything before the results.
    var beginning: String {
        let rules = Rule.allCases.map(Self.descriptor)
        let driver = JSONTree.object(["name": .string("hindcast"), "version": .string(Version.current), "rules": .array(rules)])
        let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
        return #"{"$schema":"\#(schema)","version":"2.1.0","runs":[{"tool":{"driver":\#(driver.onOneLine)},"results":["#
    }

    /// One finding.
    mutating func result(_ finding: ReportedFinding) -> String {
        defer { isFirst = false }
        return (isFirst ? "\n" : ",\n") + Self.result(finding).onOneLine
    }

    /// Everything after the results.
    func end(failure: String?) -> String {
        let notifications: [JSONTree] = failure.map { [.object(["level": .string("error"), "message": .object(["text": .string($0)])])] } ?? []
        let invocation = JSONTree.object(["executionSuccessful": .bool(failure == nil), "toolExecutionNotifications": .array(notifications)])
        return "\n],\"invocations\":[\(invocation.onOneLine)]}]}\n"
    }

    // MARK: -

    private static func descriptor(_ rule: Rule) -> JSONTree {
        .object([
            "id": .string(rule.rawValue), "shortDescription": .object(["text": .string(rule.meaning)]),
            "fullDescription": .object(["text": .string("\(rule.meaning) \(rule.entry.source)")]),
            "help": .object(["text": .string("\(rule.action) Example: \(rule.entry.example)")]),
            "defaultConfiguration": .object(["level": .string(level(rule.severity))]),
        ])
    }

    private static func result(_ reported: ReportedFinding) -> JSONTree {
        let finding = reported.finding
        // A capture's line holds the payload as an escaped string, so a byte of the payload is no byte of the file; a plain file is the payload.
        let region: JSONTree =
            reported.isCapture ? .object(["startLine": .integer(reported.line)]) : .object(["byteOffset": .integer(finding.byteOffset)])
        let location = JSONTree.object([
            "physicalLocation": .object(["artifactLocation": .object(["uri": .string(uri(reported.file))]), "region": region]),
            "logicalLocations": .array([.object(["fullyQualifiedName": .string(logicalName(reported)), "kind": .string("member")])]),
        ])
        return .object([
            "ruleId": .string(finding.rule.rawValue), "ruleIndex": .integer(Rule.allCases.firstIndex(of: finding.rule) ?? 0),
            "level": .string(level(reported.severity)), "message": .object(["text": .string(finding.message)]), "locations": .array([location]),
            "partialFingerprints": .object(["hindcastFinding/v1": .string(fingerprint(reported))]),
            "properties": .object([
                "byteOffset": .integer(finding.byteOffset), "deviceId": .string(reported.device), "templateId": .string(reported.templateID),
                "offset": .integer(reported.offset), "expected": .string(finding.expected), "actual": .string(finding.actual),
            ]),
        ])
    }

    private static func level(_ severity: Severity) -> String {
        switch severity {
        case .info: "note"
        case .warning: "warning"
        case .error: "error"
        }
    }

    private static func logicalName(_ reported: ReportedFinding) -> String {
        [reported.device, reported.finding.module, reported.finding.component].filter { !$0.isEmpty }.joined(separator: "/") + reported.finding.path
    }

    /// The same for the same trouble of the same device, wherever in the file it stands.
    private static func fingerprint(_ reported: ReportedFinding) -> String {
        var hash = SHA256()
        let finding = reported.finding
        for text in [finding.rule.rawValue, reported.device, reported.templateID, finding.module, finding.component, finding.path] {
            hash.update(UInt32(text.utf8.count))
            hash.update(text)
        }
        return hash.finish().hex
    }

    /// A path as a URI reference (RFC 3986): what is neither unreserved nor a slash is written in hexadecimal.
    private static func uri(_ path: String) -> String {
        var text = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
