import Diagnostics
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

    @Test func `templates judge telemetry and properties`() {
        #expect(EventKind.allCases.filter(\.isJudged) == [.telemetry, .propertyReported, .propertyDesired, .propertyCloud])
        #expect(EventKind.allCases.filter(\.isProperty) == [.propertyReported, .propertyDesired, .propertyCloud])
    }

    @Test func `formats and choices keep their numbers and names`() {
        #expect(EnvelopeFormat.allCases.map(\.rawValue) == [0, 1])
        #expect(EnvelopeFormat.allCases.map(\.name) == ["none", "iotcentral"])
        #expect(EnvelopeChoice(name: "auto") == .auto)
        #expect(EnvelopeChoice(name: "iotcentral") == .only(.iotCentral))
        for refused in ["", "none", "AUTO", "IoTCentral"] { #expect(EnvelopeChoice(name: refused) == nil) }
        for choice in [EnvelopeChoice.auto, .only(.iotCentral)] { #expect(EnvelopeChoice(name: choice.name) == choice) }
        #expect(SourceSettings() == SourceSettings(tenant: "", envelope: .auto))
    }

    @Test func `severities are ordered and keep their numbers`() {
        #expect(Severity.allCases.sorted() == [.info, .warning, .error])
        #expect(Severity.allCases.map(\.rawValue) == [1, 2, 3])
        #expect(Severity.allCases.map(\.name) == ["info", "warning", "error"])
    }
}
