import DTDL
import Diagnostics
import Foundation
import JSON
import Testing

private let conformanceFolder = ProcessInfo.processInfo.environment["HINDCAST_CONFORMANCE"]

/// Payloads and messages of other projects with their verdicts, which are not part of this one: found through `HINDCAST_CONFORMANCE`.
@Suite(.enabled(if: conformanceFolder != nil, "HINDCAST_CONFORMANCE does not name the folder of conformance cases"))
struct PayloadConformanceTests {
    private func cases(_ name: String) throws -> [JSONTree] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", "--", "\(try #require(conformanceFolder))/\(name)"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try data.split(separator: UInt8(ascii: "\n")).map { try JSONTree.parse(Array($0)) }
    }

    private func published(_ bytes: [UInt8]) throws -> TemplateInForce {
        let template = try DeviceTemplate(bytes: bytes)
        return .version(PublishedTemplate(key: 1, templateID: template.templateID, version: 1, compiled: template.compiled))
    }

    private func text(_ tree: JSONTree) -> String { String(decoding: tree.canonicalBytes(), as: UTF8.self) }

    private func twin(_ section: String, _ values: String) -> SampleRecord {
        SampleHub.notification(
            "twinChangeEvents", schema: "twinChangeNotification", operation: "updateTwin", #"{"properties":{"\#(section)":\#(values)}}"#)
    }

    @Test func `documented payloads are judged as documented`() throws {
        let all = try cases("payload-examples.jsonl.gz")
        for example in all {
            let capability = text(try #require(example["capability"]))
            let source = #"{"@id":"dtmi:example:documented;1","@type":"Interface","contents":[\#(capability)]}"#
            let values = text(try #require(example["payload"]))
            let kind = example["kind"]?.stringValue ?? ""
            let record = kind == "telemetry" ? RuleFixture.hub(values) : twin(kind, values)
            let findings = Judgement(record, by: try published(Array(source.utf8))).findings
            #expect(findings.isEmpty == (example["valid"]?.boolValue ?? true), "\(example["case"]?.stringValue ?? ""): \(findings)")
        }
        #expect(all.count > 10)
    }

    @Test func `messages have the issues that the Azure CLI's own tests expect, with its severities`() throws {
        let all = try cases("envelope-cases.jsonl.gz")
        for message in all {
            let name = message["case"]?.stringValue ?? ""
            let template: TemplateInForce =
                if let file = message["template"]?.stringValue {
                    try published(Array(try Data(contentsOf: URL(filePath: "\(try #require(conformanceFolder))/\(file)"))))
                } else {
                    .unassigned
                }
            let body = message["body"]?.stringValue ?? ""
            let record =
                message["kind"]?.stringValue == "telemetry"
                ? RuleFixture.hub(
                    body, type: message["contentType"]?.stringValue, encoding: message["contentEncoding"]?.stringValue,
                    component: message["annotations"]?["dt-subject"]?.stringValue)
                : twin("reported", body)
            // A device without a template is a finding of its own here; and the CLI reports ambiguous names of properties only, though Azure's page
            // speaks of telemetry.
            let isTelemetry = message["kind"]?.stringValue == "telemetry"
            let found = Judgement(record, by: template).findings.filter {
                $0.rule != .templateUnassigned && !(isTelemetry && $0.rule == .capabilityAmbiguous)
            }
            let expected = message["issues"]?.elements.map { "\($0.elements[0].stringValue ?? "") \($0.elements[1].stringValue ?? "")" } ?? []
            #expect(found.map { "\($0.rule.severity.name) \(Self.issue(of: $0.rule, in: name))" } == expected, "\(name): \(found)")
        }
        #expect(all.count > 5)
    }

    /// The name that the cases have for what a rule finds. The CLI's test of a component hands over the component's body, so that to it the component is
    /// known and its content is not; here the component itself is not in the template.
    private static func issue(of rule: Rule, in name: String) -> String {
        switch rule {
        case .componentUnknown: name == "property/not-in-component" ? "not-in-component" : "unknown-component"
        case .schemaMismatch: "schema-mismatch"
        case .capabilityAmbiguous: "duplicate-property"
        case .capabilityUndefined: "not-in-template"
        default: rule.rawValue
        }
    }
}
