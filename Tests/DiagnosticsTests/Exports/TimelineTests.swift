import Diagnostics
import Testing

/// What the timeline alone shows: off, removed, not there yet, failed.
struct TimelineTests {
    private static func lines(
        _ changes: [ExportChange], asOf: Int64 = 1000, expectedSince: Int64? = 0, isBound: Bool = false, isCountable: Bool = true
    ) -> [String] {
        SampleHistory.lines(
            SampleHistory.history(changes, expectedSince: expectedSince, isBound: isBound, isCountable: isCountable, asOf: asOf))
    }

    private static func change(
        _ act: ExportChange.Act, _ minutes: Int64, since: Int64? = nil, code: String = "", body: String = "", isImported: Bool = false
    ) -> ExportChange {
        SampleHistory.change(act, minutes, since: since, code: code, body: body, isImported: isImported)
    }

    private static let made = change(.defined, 0, isImported: true)

    @Test func `an export that is on, or of which nothing is known, misses nothing`() {
        #expect(Self.lines([]) == [])
        #expect(Self.lines([Self.made]) == [])
        #expect(Self.lines([Self.change(.enabled, 5), Self.change(.recovered, 6), Self.change(.backfilled, 7)]) == [])
    }

    @Test func `from disabled to enabled everything is missing, and still is where nobody enabled it`() {
        #expect(Self.lines([Self.made, Self.change(.disabled, 10), Self.change(.enabled, 40)]) == ["disabled counted 10..40"])
        #expect(Self.lines([Self.made, Self.change(.disabled, 10), Self.change(.disabled, 20)]) == ["disabled counted 10.."])
        #expect(Self.lines([Self.change(.defined, 10, body: #"{"enabled":false}"#, isImported: true)]) == ["disabled counted 10.."])
        #expect(
            Self.lines([Self.made, Self.change(.disabled, 10), Self.change(.defined, 40, body: #"{"enabled":true}"#)])
                == ["disabled counted 10..40"])
    }

    @Test func `where events cannot be counted the gap is inferred`() {
        let changes = [Self.made, Self.change(.disabled, 10), Self.change(.enabled, 40)]
        #expect(Self.lines(changes, isBound: true) == ["disabled inferred 10..40"])
        #expect(Self.lines(changes, isCountable: false) == ["disabled inferred 10..40"])
    }

    @Test func `a window younger than the grace period is no gap yet`() {
        #expect(Self.lines([Self.change(.disabled, 10)], asOf: 11) == [])
        #expect(Self.lines([Self.change(.disabled, 10)], asOf: 12) == ["disabled counted 10.."])
        #expect(Self.lines([Self.change(.disabled, 10), Self.change(.enabled, 11)], asOf: 11) == [])
    }

    @Test func `an export that was removed misses everything until it is made again`() {
        #expect(Self.lines([Self.made, Self.change(.removed, 10)]) == ["removed counted 10.."])
        #expect(Self.lines([Self.made, Self.change(.removed, 10), Self.change(.defined, 30)]) == ["removed counted 10..30"])
        #expect(Self.lines([Self.made, Self.change(.destinationRemoved, 10), Self.change(.destinationDefined, 30)]) == ["removed counted 10..30"])
        // The switch of the old export is not that of the new one.
        #expect(
            Self.lines([Self.made, Self.change(.disabled, 5), Self.change(.removed, 10), Self.change(.defined, 30)])
                == ["disabled counted 5..10", "removed counted 10..30"])
    }

    @Test func `a definition that no longer names the destination removes it, one that does not yet is no creation`() {
        let without = #"{"destinations":[{"id":"other"}]}"#
        let with = #"{"destinations":[{"id":"other"},{"id":"d"}]}"#
        #expect(
            Self.lines([
                Self.change(.defined, 0, body: with, isImported: true), Self.change(.defined, 10, body: without),
                Self.change(.defined, 30, body: with),
            ]) == ["removed counted 10..30"])
        #expect(
            Self.lines([Self.change(.defined, 10, body: without, isImported: true), Self.change(.defined, 30, body: with)])
                == ["not-created counted 10..30"])
    }

    @Test func `before an export was made it missed what the log has, where it is certain when that was`() {
        #expect(Self.lines([Self.change(.defined, 50)], expectedSince: 20) == ["not-created counted 20..50"])
        #expect(Self.lines([Self.change(.defined, 50)], expectedSince: 60) == [])
        #expect(Self.lines([Self.change(.defined, 50)], expectedSince: nil) == [])
        // One that is made, but does not send to the destination yet, is still not there.
        #expect(
            Self.lines(
                [Self.change(.defined, 50, body: #"{"destinations":[]}"#), Self.change(.defined, 70, body: #"{"destinations":[{"id":"d"}]}"#)],
                expectedSince: 20) == ["not-created counted 20..70"])
        // An import says only since when we know of it, unless it says when the export was made.
        #expect(Self.lines([Self.change(.defined, 50, isImported: true)], expectedSince: 20) == [])
        #expect(Self.lines([Self.change(.defined, 50, since: 30, isImported: true)], expectedSince: 20) == ["not-created counted 20..30"])
        // What was heard of earlier was there already.
        #expect(Self.lines([Self.change(.recovered, 40), Self.change(.defined, 50)], expectedSince: 20) == [])
        #expect(Self.lines([Self.change(.destinationDefined, 40), Self.change(.defined, 50)], expectedSince: 20) == ["not-created counted 20..50"])
    }

    @Test func `a failure begins with the first message that was not delivered`() {
        #expect(
            Self.lines([Self.made, Self.change(.failed, 25, since: 10), Self.change(.recovered, 60)]) == ["destination-failed counted 10..60"])
        #expect(
            Self.lines([Self.made, Self.change(.failing, 11), Self.change(.failed, 26), Self.change(.recovered, 60)])
                == ["destination-failed counted 11..60"])
        #expect(
            Self.lines([Self.made, Self.change(.failing, 11), Self.change(.failed, 26, since: 10), Self.change(.recovered, 60)])
                == ["destination-failed counted 10..60"])
        #expect(Self.lines([Self.made, Self.change(.failed, 25)]) == ["destination-failed counted 10.."])
        // What was delivered in the meantime was no failure.
        #expect(Self.lines([Self.made, SampleHistory.receipt(0, 9, 20), Self.change(.failed, 25)]) == ["destination-failed counted 20.."])
        #expect(Self.lines([Self.made, Self.change(.probed, 25)]) == ["destination-failed counted 25.."])
    }

    @Test func `a trouble that is over within the service's retries is no gap`() {
        #expect(Self.lines([Self.made, Self.change(.failing, 10), Self.change(.recovered, 25)]) == [])
        #expect(Self.lines([Self.made, Self.change(.failing, 10), Self.change(.recovered, 26)]) == ["destination-failed counted 10..26"])
        #expect(Self.lines([Self.made, Self.change(.failing, 10)], asOf: 25) == [])
        #expect(Self.lines([Self.made, Self.change(.failing, 10)], asOf: 26) == ["destination-failed counted 10.."])
    }

    @Test func `a failure ends when the destination recovers, with the next receipt, and with a restart`() {
        let failed = [Self.made, Self.change(.failed, 25, since: 10)]
        #expect(Self.lines(failed + [Self.change(.probed, 30), Self.change(.recovered, 60)]) == ["destination-failed counted 10..60"])
        #expect(Self.lines(failed + [SampleHistory.receipt(0, 9, 40)]) == ["destination-failed counted 10..40"])
        // A receipt may still be about what was sent before.
        #expect(Self.lines(failed + [SampleHistory.receipt(0, 9, 27)]) == ["destination-failed counted 10.."])
        #expect(
            Self.lines(failed + [Self.change(.disabled, 40), Self.change(.enabled, 41)])
                == ["destination-failed counted 10..40", "disabled counted 40..41"])
        #expect(Self.lines(failed + [Self.change(.enabled, 40)]) == ["destination-failed counted 10.."])
        #expect(
            Self.lines(failed + [Self.change(.removed, 40), Self.change(.defined, 50)])
                == ["destination-failed counted 10..40", "removed counted 40..50"])
    }

    @Test(
        arguments: [
            ("", .destinationFailed), ("ServiceUnavailable", .destinationFailed), ("500", .destinationFailed), ("Unauthorized", .permissionMissing),
            ("401002", .permissionMissing), ("403", .permissionMissing), ("AuthorizationFailed", .permissionMissing), ("403002", .throttled),
            ("403 QuotaExceeded", .throttled), ("429001", .throttled), ("ThrottlingBacklogTimeout", .throttled), ("quota", .throttled),
            ("40x", .destinationFailed),
        ] as [(String, GapCause)])
    func `the code tells a refused identity and a limit from a failure`(code: String, cause: GapCause) {
        #expect(FailureCode.cause(code) == cause)
        #expect(
            Self.lines([Self.change(.failed, 25, since: 10, code: code), Self.change(.recovered, 60)]) == ["\(cause.rawValue) counted 10..60"])
    }

    @Test func `a code that only came with the first trouble counts too`() {
        let changes = [Self.change(.failing, 10, code: "429"), Self.change(.failed, 25), Self.change(.recovered, 60)]
        #expect(Self.lines(changes) == ["throttled counted 10..60"])
        #expect(ExportTimeline(SampleHistory.history(changes)).intervals.map(\.state) == [.unknown, .failed, .on])
    }

    @Test func `absence counts before the switch, and the switch before a failure`() {
        #expect(
            Self.lines([
                Self.made, Self.change(.disabled, 10), Self.change(.failed, 30, since: 5), Self.change(.removed, 40), Self.change(.defined, 60),
            ]) == ["destination-failed counted 5..10", "disabled counted 10..40", "removed counted 40..60"])
    }

    @Test func `the timeline says how a route is now, and covers all of time without a seam`() {
        let changes = [
            Self.change(.defined, 0, body: #"{"enabled":true}"#), Self.change(.disabled, 10), Self.change(.enabled, 20),
            Self.change(.failing, 30, code: "500"),
        ]
        let timeline = ExportTimeline(SampleHistory.history(changes, asOf: 40))
        #expect(timeline.intervals.map(\.state) == [.absent, .on, .off, .on, .failing])
        #expect(timeline.current.state == .failing && timeline.current.code == "500" && timeline.current.cause == nil && timeline.current.to == nil)
        #expect(timeline.intervals.first?.from == .earliest)
        #expect(zip(timeline.intervals, timeline.intervals.dropFirst()).allSatisfy { $0.to == $1.from })
        #expect(ExportTimeline(SampleHistory.history([])).intervals.map(\.state) == [.unknown])
    }

    @Test func `changes of others are passed over, and acts on a destination of whatever export are not`() {
        func other(_ export: String, _ destination: String) -> ExportChange {
            ExportChange(.failed, time: SampleHistory.at(25), exportID: export, destinationID: destination, since: SampleHistory.at(10))
        }
        #expect(Self.lines([other("f", "d"), other("e", "c"), other("", "")]) == [])
        #expect(Self.lines([other("", "d")]) == ["destination-failed counted 10.."])
        #expect(Self.lines([other("e", "")]) == ["destination-failed counted 10.."])
    }
}
