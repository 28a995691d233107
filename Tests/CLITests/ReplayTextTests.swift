import Catalog
import Diagnostics
import Logging
import Replay
import Testing

@testable import hindcast

/// What the commands of replay read and show, without a database.
struct ReplayTextTests {
    @Test func `progress is shown with rate and remaining time once there is something to tell them from`() {
        var line = ReplayProgressLine(state: .loading, done: 250_000, total: 1_000_000, doneHere: 0, elapsed: .zero)
        #expect(line.bar == "loading [######------------------]  25%  250,000 of 1,000,000 events")
        line = ReplayProgressLine(state: .loading, done: 250_000, total: 1_000_000, doneHere: 200_000, elapsed: .seconds(8))
        #expect(line.bar == "loading [######------------------]  25%  250,000 of 1,000,000 events, 25,000/s, 0:30 left")
        #expect(line.metadata(run: 3)["replay.remaining-seconds"] == "30")
        line = ReplayProgressLine(state: .loading, done: 10, total: 5_000_000, doneHere: 10, elapsed: .milliseconds(10))
        #expect(line.bar.hasSuffix("1,000/s, 1:23:19 left"))
        // More events may be there than were planned.
        line = ReplayProgressLine(state: .loading, done: 12, total: 10, doneHere: 12, elapsed: .seconds(1))
        #expect(line.bar.contains("] 100%") && line.bar.hasSuffix("0:00 left"))
        line = ReplayProgressLine(state: .indexing, done: 10, total: 10, doneHere: 10, elapsed: .seconds(1))
        #expect(line.bar == "indexing")
        line = ReplayProgressLine(state: .catchingUp, done: 10, total: 10, doneHere: 10, elapsed: .seconds(1))
        #expect(line.bar == "catching up")
    }

    @Test func `who waits for a worker that may be gone says for whom, and until when`() throws {
        var line = ReplayProgressLine(state: .loading, done: 3, total: 4, doneHere: 3, elapsed: .seconds(1))
        line.hold = ReplayHold(owner: "ada/replay-7", until: try #require(TimeArgument(argument: "2026-11-29T07:00:00Z")).time)
        #expect(
            line.bar.hasSuffix(
                "3 of 4 events, waiting for a chunk that ada/replay-7 holds; if that worker is gone, it is free at 2026-11-29T07:00:00Z"))
        #expect(line.metadata(run: 1)["replay.held-until"] == "2026-11-29T07:00:00Z")
    }

    @Test func `thousands are grouped`() {
        #expect([0, 7, 999, 1000, 1_234_567, -1000].map(Grouped.text) == ["0", "7", "999", "1,000", "1,234,567", "-1,000"])
        #expect(Grouped.text(.min) == "-9,223,372,036,854,775,808")
    }

    @Test(arguments: [("50%", 0.5), ("0.5%", 0.005), ("100%", 1)]) func `a share is a part of the whole`(text: String, share: Double) {
        #expect(ShareArgument(argument: text)?.share == share)
    }

    @Test(arguments: ["", "%", "0%", "50", "101%", "-1%", "nan%", "inf%", "1e1%", "0x1p1%", ".%", "5%%", "５%"])
    func `what is no share is none`(text: String) {
        #expect(ShareArgument(argument: text) == nil)
    }

    @Test func `a budget is a number or a percentage, and allows exactly that`() {
        #expect(BudgetArgument(argument: "25")?.budget == .count(25))
        #expect(BudgetArgument(argument: "0")?.budget == .count(0))
        #expect(BudgetArgument(argument: "0.1%")?.budget == .percent(0.1))
        for wrong in ["", "-1", "%", "101%", "1.5", "9223372036854775808", "many", " 1"] {
            #expect(BudgetArgument(argument: wrong) == nil, "\(wrong)")
        }
    }

    @Test func `a time is RFC 3339, or a day`() {
        #expect(TimeArgument(argument: "2026-11-01")?.time.rfc3339 == "2026-11-01T00:00:00Z")
        #expect(TimeArgument(argument: "2026-11-01T08:00:00+02:00")?.time.rfc3339 == "2026-11-01T06:00:00Z")
        for wrong in ["", "2026", "2026-13-01", "2026-02-30", "2026-11-01T08:00:00", "01.11.2026"] {
            #expect(TimeArgument(argument: wrong) == nil, "\(wrong)")
        }
    }

    @Test func `a digest is 64 hexadecimal digits`() {
        #expect(DigestArgument(argument: String(repeating: "ab", count: 32)) != nil)
        for wrong in ["", "ab", String(repeating: "g", count: 64), String(repeating: "a", count: 65)] {
            #expect(DigestArgument(argument: wrong) == nil)
        }
    }
}
