import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import TestSupport
import Testing

/// A twin change of IoT Hub with reported and desired properties is one event of the log and two messages of an export.
@Suite(.database) struct BackfillTwinTests {
    private let story = BackfillStory()
    private static let times = ExportStory.time(0)..<ExportStory.time(1000)

    private func log(_ records: [SampleRecord]) throws {
        try ExportStory.define("e", to: "d", source: "properties")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append(records)
        try ExportStory.project()
    }

    private func twin(_ device: String, at seconds: Int64, reported: Int? = nil, desired: Int? = nil) -> SampleRecord {
        let headers = [
            ("deviceId", device), ("hubName", "fleet"), ("operationTimestamp", ExportStory.time(seconds).rfc3339),
            ("iothub-message-source", "twinChangeEvents"), ("opType", "updateTwin"),
        ]
        let parts = [
            reported.map { #""reported":{"speed":\#($0),"$version":2}"# }, desired.map { #""desired":{"limit":\#($0),"$version":4}"# },
        ]
        let payload = #"{"version":7,"properties":{\#(parts.compactMap(\.self).joined(separator: ","))}}"#
        return SampleRecord(
            headers: headers.map { ($0.0, Array($0.1.utf8)) }, payload: Array(payload.utf8), brokerTime: ExportStory.time(seconds))
    }

    private func text(_ message: KeptDestination.Message) -> String { String(decoding: message.body, as: UTF8.self) }

    @Test func `each part is a message of its own, with an id of its own, and both are one event`() throws {
        try log([twin("a", at: 10, reported: 1, desired: 5), twin("b", at: 20, reported: 2), twin("c", at: 30, desired: 6)])
        #expect(try story.reconcile(0..<1000).missing == 3)
        try story.send(.times(BackfillStory.route, Self.times))
        let messages = story.destination.messages
        #expect(messages.map(\.offset) == [0, 0, 1, 2])
        #expect(Set(messages.map(\.id)).count == 4)
        let kinds = messages.map { text($0).contains("devicePropertyReportedChange") ? "reported" : "desired" }
        #expect(kinds == ["reported", "desired", "reported", "desired"])
        #expect(text(messages[0]).contains("speed") && !text(messages[0]).contains("limit"))
        #expect(text(messages[1]).contains("limit") && !text(messages[1]).contains("speed"))
        let compared = try story.reconcile(0..<1000)
        #expect(compared.expected == 3 && compared.delivered == 3 && compared.missing == 0 && compared.repeated == 0 && compared.unexpected == 0)
    }

    @Test(arguments: [0, 1]) func `an event of which one part is missing is missing, and sent again as a whole`(lost: Int) throws {
        try log([twin("a", at: 10, reported: 1, desired: 5), twin("b", at: 20, reported: 2, desired: 6)])
        try story.send(.times(BackfillStory.route, Self.times))
        let all = story.destination.messages
        story.destination.messages.remove(at: lost)
        let without = try story.reconcile(0..<1000)
        #expect(without.missing == 1 && without.delivered == 1 && without.unexpected == 0)
        try story.send(.times(BackfillStory.route, Self.times), isAgain: true)
        #expect(story.destination.messages.suffix(2) == all.prefix(2))
        let whole = try story.reconcile(0..<1000)
        #expect(whole.missing == 0 && whole.delivered == 2 && whole.repeated == 1 && whole.unexpected == 0)
    }

    @Test func `however often a large destination is read, both parts of an event are looked for together`() throws {
        try log((0..<20).map { twin("device-\($0)", at: 10 + $0, reported: Int($0), desired: Int($0)) })
        try story.send(.times(BackfillStory.route, Self.times))
        let compared = try story.reconcile(0..<1000, memory: 4 * FingerprintTable.largestBytesPerEntry)
        #expect(compared.rounds == 10)
        #expect(compared.delivered == 20 && compared.missing == 0 && compared.repeated == 0 && compared.unexpected == 0, "\(compared)")
    }
}
