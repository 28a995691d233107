import Diagnostics
import EventLog
import Exports
import LogSupport
import Postgres
import TestSupport
import Testing

/// What a backfill sends is what its gap counts, and what it counts for a gap is what of it was sent.
@Suite(.database) struct BackfillExtentTests {
    /// How many events there are, 100 s apart, at offsets from 0 on.
    private static let events: Int64 = 40

    private let story = BackfillStory()

    /// Events at so many hundred seconds as their offset is; what happens to the export is told elsewhere.
    private func tell(_ notices: [SampleRecord]) throws {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append((0..<Self.events).map { ExportStory.telemetry("pump", at: $0 * 100, #"{"t":\#($0)}"#) })
        var words = try LogFixture(topic: "notices", settings: SourceSettings(tenant: "app"))
        if !notices.isEmpty { try words.append(notices) }
        try ExportStory.project()
        try ExportStory.look()
    }

    private func received(_ offsets: ClosedRange<Int64>) -> SampleRecord {
        let (first, last) = (offsets.lowerBound, offsets.upperBound)
        return ExportStory.happens(
            "export.delivered",
            #"{"export":"e","destination":"d","topic":"telemetry","partition":0,"first":\#(first),"last":\#(last),"events":\#(last - first + 1)}"#,
            at: last * 100 + 60)
    }

    private func sent() -> [Int64] { story.destination.messages.map(\.offset) }

    @Test func `what receipts say the destination has is not sent with a gap of the timeline`() throws {
        try tell([ExportStory.toggled("e", false, at: 500), received(20...24), ExportStory.toggled("e", true, at: 3000)])
        let gap = try #require(try ExportStory.gaps().first)
        #expect(try ExportStory.gaps().count == 1 && gap.events == 20, "\(gap)")
        try story.send(.gap(gap.id))
        #expect(sent() == Array(5..<20) + Array(25..<30))
        #expect(try BackfillStory.givenBack() == [gap.id: 20])
    }

    @Test func `of times everything is sent, and what the destination had counts for no gap`() throws {
        try tell([ExportStory.toggled("e", false, at: 500), received(20...24), ExportStory.toggled("e", true, at: 3000)])
        let gap = try #require(try ExportStory.gaps().first)
        try story.send(.times(BackfillStory.route, ExportStory.time(0)..<ExportStory.time(4000)))
        #expect(sent() == Array(0..<Self.events))
        #expect(try BackfillStory.givenBack() == [gap.id: 20])
    }

    @Test func `a hole in the receipts that has several causes is filled gap by gap`() throws {
        try tell([received(0...4), ExportStory.toggled("e", false, at: 1000), ExportStory.toggled("e", true, at: 2000), received(30...34)])
        let gaps = try ExportStory.gaps()
        // A cause reaches a grace period further on either side.
        #expect(gaps.map(\.cause) == ["not-receipted", "disabled", "not-receipted"] && gaps.map(\.events) == [4, 13, 8], "\(gaps)")
        for gap in gaps {
            let before = story.destination.messages.count
            try story.send(.gap(gap.id))
            #expect(Int64(story.destination.messages.count - before) == gap.events, "\(gap)")
        }
        #expect(sent().sorted() == Array(5..<30))
        #expect(try ExportStory.gaps().allSatisfy { $0.state == "filled" })
    }

    @Test func `a hole in the receipts is filled by times too`() throws {
        try tell([received(0...4), received(30...34)])
        let gap = try #require(try ExportStory.gaps().first)
        try story.send(.times(BackfillStory.route, ExportStory.time(0)..<ExportStory.time(4000)))
        #expect(sent() == Array(0..<Self.events))
        #expect(try BackfillStory.givenBack() == [gap.id: 25])
    }

    @Test func `what a comparison of a part found there counts for no gap when everything is sent`() throws {
        try tell([])
        // The destination has every other event of the first ten.
        try story.send(.times(BackfillStory.route, ExportStory.time(0)..<ExportStory.time(1000)))
        story.destination.messages.removeAll { $0.offset % 2 == 1 }
        #expect(try story.reconcile(0..<1000).missing == 5)
        try ExportStory.look()
        let events = try ExportStory.gaps().reduce(0) { $0 + ($1.events ?? 0) }
        #expect(events == 5)
        try story.send(.times(BackfillStory.route, ExportStory.time(0)..<ExportStory.time(2000)))
        #expect(story.destination.messages.count == 5 + 20)
        #expect(try BackfillStory.givenBack().values.reduce(0, +) == 5)
    }
}
