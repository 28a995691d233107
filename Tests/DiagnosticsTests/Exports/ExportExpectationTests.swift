import Diagnostics
import Testing

/// Which events an export should have sent.
struct ExportExpectationTests {
    private static func definition(_ source: ExportSource = .telemetry, _ filter: String = "") -> ExportDefinition {
        ExportDefinition(exportID: "e", source: source, filter: filter, targets: [.init(destinationID: "d")])
    }

    @Test func `an event of the export's source and tenant is expected, any other is not its concern`() {
        let telemetry = SampleRecord(SampleExport.telemetry(#"{"a":1}"#))
        #expect(ExportFixture.verdict(telemetry, Self.definition()) == .expected)
        #expect(ExportFixture.verdict(telemetry, Self.definition(.properties)) == .notConcerned)
        #expect(ExportFixture.verdict(telemetry, Self.definition(), tenant: "other") == .notConcerned)
        #expect(ExportFixture.verdict(SampleRecord(nil, key: "pump-07"), Self.definition()) == .notConcerned)
    }

    @Test func `a filter leaves events out, and one that cannot be evaluated leaves all undecided`() {
        let telemetry = SampleRecord(SampleExport.telemetry(#"{"a":1}"#))
        #expect(ExportFixture.verdict(telemetry, Self.definition(.telemetry, "SELECT * FROM devices WHERE a > 1")) == .filtered)
        #expect(ExportFixture.verdict(telemetry, Self.definition(.telemetry, "SELECT * FROM devices WHERE $simulated")) == .undecided)
        let wrong = Self.definition(.telemetry, "SELECT a")
        #expect(ExportFixture.verdict(telemetry, wrong) == .undecided)
        let expectation = ExportExpectation(tenant: "t", definition: wrong, destination: nil)
        #expect(!expectation.isCountable)
        #expect(expectation.filterError != nil)
    }

    @Test func `a message that is no JSON is malformed, whatever the filter says`() {
        let settings = SourceSettings(tenant: SampleExport.application)
        let filtered = Self.definition(.telemetry, "SELECT * FROM devices WHERE a > 1")
        for payload in [#"{"a":"#, "", "\u{0}"] {
            #expect(ExportFixture.verdict(SampleHub.telemetry(payload), filtered, settings: settings) == .malformed)
        }
        #expect(ExportFixture.verdict(SampleHub.telemetry(#"{"a":2}"#), filtered, settings: settings) == .expected)
    }

    @Test func `a change of a twin's tags is no change of properties`() {
        let settings = SourceSettings(tenant: SampleExport.application)
        let tags = SampleHub.notification("twinChangeEvents", operation: "updateTwin", #"{"tags":{"a":1}}"#)
        #expect(ExportFixture.verdict(tags, Self.definition(.properties), settings: settings) == .notConcerned)
        let both = SampleHub.notification("twinChangeEvents", operation: "updateTwin", #"{"properties":{"reported":{"a":1},"desired":{"b":1}}}"#)
        #expect(ExportFixture.verdict(both, Self.definition(.properties), settings: settings) == .expected)
    }

    @Test func `a managed identity takes no simulated devices`() {
        for (authorization, takes) in [(ExportDestination.Authorization.managedIdentity, false), (.connectionString, true), (.unknown, true)] {
            let destination = ExportDestination(destinationID: "d", kind: .eventHubs, authorization: authorization)
            #expect(ExportExpectation(tenant: "t", definition: Self.definition(), destination: destination).takesSimulatedDevices == takes)
        }
        #expect(ExportExpectation(tenant: "t", definition: Self.definition(), destination: nil).takesSimulatedDevices)
    }

    @Test func `what was sent again is not expected to be sent`() {
        let record = BackfillTests.record(SampleExport.telemetry(#"{"a":1}"#))
        #expect(ExportFixture.verdict(record, Self.definition()) == .notConcerned)
    }
}
