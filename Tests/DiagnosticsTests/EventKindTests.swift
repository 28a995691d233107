import Diagnostics
import Foundation
import Testing

/// Numbers and names that are stored, shown and set: a change here is a change of what was written before.
struct EventKindTests {
    @Test func `kinds keep their numbers and names`() {
        let names = [
            "telemetry", "property_reported", "property_desired", "property_cloud", "twin", "connected", "disconnected", "registered", "deleted",
            "provisioned", "enabled", "disabled", "renamed", "template_assigned", "template_lifecycle", "audit", "error_report", "export_state",
            "delivery_receipt", "tombstone", "unsupported", "undecodable",
        ]
        #expect(EventKind.allCases.map(\.name) == names)
        #expect(EventKind.allCases.map(\.rawValue) == Array(1...22))
    }

    @Test func `templates judge telemetry, properties and twins`() {
        #expect(EventKind.allCases.filter(\.isJudged) == [.telemetry, .propertyReported, .propertyDesired, .propertyCloud, .twin])
        #expect(EventKind.allCases.filter(\.isProperty) == [.propertyReported, .propertyDesired, .propertyCloud])
    }

    @Test func `formats and choices keep their numbers and names`() {
        let names = [
            "none", "iotcentral", "iotcentral_preview", "iotcentral_transform", "iotcentral_legacy", "iothub", "cloudevents", "hono", "raw",
        ]
        #expect(EnvelopeFormat.allCases.map(\.rawValue) == Array(0...8))
        #expect(EnvelopeFormat.allCases.map(\.name) == names)
        #expect(EnvelopeChoice.allCases.map(\.name) == ["auto", "iotcentral", "iothub", "cloudevents", "hono", "raw"])
        #expect(EnvelopeChoice.names == "auto, iotcentral, iothub, cloudevents, hono, raw")
        for refused in ["", "none", "AUTO", "IoTCentral", "iotcentral_preview"] { #expect(EnvelopeChoice(name: refused) == nil) }
        for choice in EnvelopeChoice.allCases { #expect(EnvelopeChoice(name: choice.name) == choice) }
        #expect(SourceSettings() == SourceSettings(tenant: "", envelope: .auto, topic: ""))
    }

    @Test func `the view of events names every format by its number`() throws {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let views = try String(contentsOf: project.appending(path: "migrations/sql/m0005_views.sql"), encoding: .utf8)
        let end = try #require(views.range(of: "])[e.envelope + 1]"))
        let start = try #require(views.range(of: "(ARRAY[", options: .backwards, range: views.startIndex..<end.lowerBound))
        let names = views[start.upperBound..<end.lowerBound].split(separator: ",").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        #expect(names == EnvelopeFormat.allCases.map { "'\($0.name)'" })
    }

    @Test func `severities are ordered and keep their numbers`() {
        #expect(Severity.allCases.sorted() == [.info, .warning, .error])
        #expect(Severity.allCases.map(\.rawValue) == [1, 2, 3])
        #expect(Severity.allCases.map(\.name) == ["info", "warning", "error"])
    }
}
