import Diagnostics
import EventLog
import Exports
import LogSupport
import TestSupport
import Testing

/// What was sent before an export was there.
@Suite("Gaps of exports that were not there yet", .database) struct NotCreatedTests {
    /// The export is made at second 1000.
    private static func made(filter: String = "", at seconds: Int64 = 1000) -> SampleRecord {
        ExportStory.happens(
            "export.defined",
            """
            {"export":{"id":"e","displayName":"e","enabled":true,"source":"telemetry","filter":"\(filter)","destinations":[{"id":"d"}]}}
            """, at: seconds)
    }

    private static func managed(at seconds: Int64 = 999) -> SampleRecord {
        ExportStory.happens(
            "export.destination-defined",
            #"{"destination":{"id":"d","type":"eventhubs@v1","authorization":{"type":"systemAssignedManagedIdentity"}}}"#, at: seconds)
    }

    private func gaps(_ notices: [SampleRecord], fleet: [SampleRecord]) throws -> [GapRow] {
        var notes = try ExportStory.notices()
        try notes.append(notices)
        return try also(fleet)
    }

    private func also(_ records: [SampleRecord], tenant: String = "app", topic: String = "telemetry") throws -> [GapRow] {
        var log = try LogFixture(topic: topic, settings: SourceSettings(tenant: tenant))
        if !records.isEmpty { try log.append(records) }
        try ExportStory.project()
        try ExportStory.look()
        return try ExportStory.gaps()
    }

    @Test func `from the first event that it would have sent to its making, counted`() throws {
        let gaps = try gaps(
            [Self.made()],
            fleet: [
                ExportStory.happens("property.reported", #"{"p":1}"#, at: 50), ExportStory.telemetry("a", at: 200),
                ExportStory.telemetry("b", at: 100),
                ExportStory.telemetry("a", at: 1000), ExportStory.telemetry("c", at: 2000),
            ])
        #expect(gaps.count == 1, "\(gaps)")
        let gap = try #require(gaps.first)
        #expect(gap.cause == "not-created" && gap.certainty == "counted" && gap.state == "closed" && gap.recovery == "log", "\(gap)")
        #expect(gap.start == ExportStory.time(100) && gap.end == ExportStory.time(1000) && gap.events == 2 && gap.devices == 2, "\(gap)")
    }

    @Test func `an event that comes late may be an earlier one; one that is not earlier moves nothing`() throws {
        let first = try gaps([Self.made()], fleet: [ExportStory.telemetry("a", at: 500)])
        #expect(first.map(\.start) == [ExportStory.time(500)] && first.map(\.events) == [1])
        let same = try also([ExportStory.telemetry("a", at: 600), ExportStory.telemetry("a", at: 3000)])
        #expect(same.map(\.id) == first.map(\.id) && same.map(\.events) == [2])
        let earlier = try also([ExportStory.telemetry("b", at: 700), ExportStory.telemetry("b", at: 20)])
        #expect(earlier.map(\.start) == [ExportStory.time(20)] && earlier.map(\.events) == [4], "\(earlier)")
        #expect(try also([]) == earlier, "in another process, which has to look for itself")
    }

    @Test func `an export before whose making nothing was sent has no gap, and neither has one that was only imported`() throws {
        #expect(try gaps([Self.made()], fleet: [ExportStory.telemetry("a", at: 1000), ExportStory.telemetry("a", at: 1500)]) == [])
        try ExportStory.define("imported", to: "d", from: 1200)
        #expect(try also([ExportStory.telemetry("a", at: 1600)]) == [])
    }

    @Test func `what its filter leaves out, and what other tenants send, is not looked for`() throws {
        _ = try also([ExportStory.telemetry("x", at: 10)], tenant: "other", topic: "theirs")
        let gaps = try gaps(
            [Self.made(filter: "SELECT * FROM devices WHERE t > 5")],
            fleet: [ExportStory.telemetry("a", at: 100), ExportStory.telemetry("a", at: 200, #"{"t":6}"#), ExportStory.telemetry("a", at: 300)])
        #expect(gaps.map(\.start) == [ExportStory.time(200)] && gaps.map(\.events) == [1], "\(gaps)")
    }

    @Test func `under a managed identity a simulated device does not begin it`() throws {
        let gaps = try gaps(
            [Self.managed(), Self.made(), ExportStory.simulated("s", at: 1)],
            fleet: [ExportStory.telemetry("s", at: 100), ExportStory.telemetry("a", at: 200)])
        #expect(gaps.map(\.start) == [ExportStory.time(200)] && gaps.map(\.events) == [1], "\(gaps)")
        let real = try also([ExportStory.simulated("s", false, at: 2)])
        #expect(real.map(\.start) == [ExportStory.time(100)] && real.map(\.events) == [2], "\(real)")
    }

    @Test func `an audit message says when an export was made, switched off and removed`() throws {
        try ExportStory.define("e", to: "d", from: 9000)
        let gaps = try gaps(
            [
                ExportStory.audit("created", "e", at: 1000), ExportStory.audit("updated", "e", #","updated":{"enabled":false}"#, at: 2000),
                ExportStory.audit("updated", "e", #","updated":{"displayName":"x"}"#, at: 2500),
                ExportStory.audit("updated", "e", #","updated":{"enabled":true}"#, at: 3000), ExportStory.audit("deleted", "e", at: 4000),
                ExportStory.audit("created", "e", at: 5000),
            ],
            fleet: (0..<60).map { ExportStory.telemetry("a", at: $0 * 100) })
        #expect(
            gaps.map { "\($0.cause) \($0.events ?? -1)" } == ["not-created 10", "disabled 10", "removed 10"]
                && gaps.map(\.start) == [ExportStory.time(0), ExportStory.time(2000), ExportStory.time(4000)], "\(gaps)")
    }
}
