import Diagnostics
import JSON
import Testing

@testable import hindcast

/// What monitors are made of, without a database.
struct MonitorPartsTests {
    private struct Item: MonitorItem, Equatable {
        let place: EventPlace
        let name: String

        init(_ time: Int64, _ source: Int32, _ offset: Int64, _ name: String = "") {
            place = EventPlace(ingestTime: Timestamp(microseconds: time), source: source, offset: offset)
            self.name = name
        }

        func line(_ palette: Palette) -> String { name }
        var tree: JSONTree { .string(name) }
    }

    @Test func `the last items are kept in order, whichever way they come`() {
        var last = LastItems<Item>(limit: 3)
        for (time, source, offset) in [(5, 1, 5), (1, 1, 1), (4, 2, 9), (3, 1, 3), (4, 1, 4)] as [(Int64, Int32, Int64)] {
            last.insert([Item(time, source, offset)])
        }
        #expect(last.items.map(\.place.offset) == [4, 9, 5])
        #expect(last.isClosed(before: Timestamp(microseconds: 3)))
        #expect(!last.isClosed(before: Timestamp(microseconds: 4)))
    }

    @Test func `the items of one event keep their order, and none are kept where none are wanted`() {
        var last = LastItems<Item>(limit: 2)
        last.insert([Item(1, 1, 1, "a"), Item(1, 1, 1, "b"), Item(1, 1, 1, "c")])
        #expect(last.items.map(\.name) == ["b", "c"])
        var none = LastItems<Item>(limit: 0)
        none.insert([Item(1, 1, 1)])
        #expect(none.items.isEmpty)
        #expect(none.isClosed(before: .latest))
    }

    @Test func `why it is quiet is said once in each stretch, and at the end where nothing was shown`() {
        let begin = ContinuousClock.now
        var watch = QuietWatch(now: begin)
        func isDue(at seconds: Int) -> Bool { watch.isDue(now: begin + .seconds(seconds)) }
        #expect(!isDue(at: 9))
        #expect(watch.isDueAtEnd(shown: 0))
        #expect(!watch.isDueAtEnd(shown: 1))
        #expect(isDue(at: 10))
        #expect(!isDue(at: 60))
        #expect(!watch.isDueAtEnd(shown: 0))
        watch.note(now: begin + .seconds(61))
        #expect(!isDue(at: 70))
        #expect(isDue(at: 71))
    }

    // MARK: - Reasons

    private static let now = Timestamp(microseconds: 1_780_315_200_000_000)

    private static func source(
        next: Int64 = 10, lag: Int64? = 0, last: Int64 = 0, owner: String? = "x", kind: String = "kafka", isEnded: Bool = false
    ) -> SelectIngestProgress.Row {
        SelectIngestProgress.Row(
            source: 1, topic: "t", partition: 0, nextOffset: next, endOffset: next + (lag ?? 0), lag: lag,
            lastEventTime: Timestamp(microseconds: now.microseconds - last * 1_000_000), owner: owner, isEnded: isEnded, kind: kind)
    }

    private func reasons(
        _ sources: [SelectIngestProgress.Row], projections: [SelectProjectionProgress.Row] = [], device: QuietFacts.Device? = nil,
        matchesNobody: Bool = false, filter: MonitorFilter = MonitorFilter()
    ) -> String {
        QuietReason.sentences(
            QuietFacts(now: Self.now, sources: sources, projections: projections, device: device, matchesNobody: matchesNobody, filter: filter)
        ).joined(separator: "\n")
    }

    @Test func `an empty log, old traffic and lag of ingest are told apart`() {
        #expect(reasons([]).contains("nothing was ever ingested"))
        #expect(reasons([Self.source(next: 0)]).contains("holds no event yet: its 1 source is empty"))
        #expect(reasons([Self.source(next: 0, isEnded: true)]).contains("its sources have ended"))
        #expect(reasons([Self.source(last: 7200)]).contains("no traffic for 2h: the newest event in the log is of 2026-06-01T10:00:00Z"))
        #expect(reasons([Self.source(lag: 12)]).contains("ingest is 12 events behind the broker in 1 source"))
        #expect(reasons([Self.source(owner: nil)]).contains("nobody ingests 1 source"))
        #expect(!reasons([Self.source(owner: nil, kind: "capture")]).contains("nobody ingests"))
        // Nobody reads on in a source that has ended, whatever was left in it.
        let ended = reasons([Self.source(lag: 12, owner: nil, isEnded: true), Self.source()])
        #expect(ended == "the log grows, and nothing in it matches.")
    }

    @Test func `a log that grows past the filter says which filter`() {
        let text = reasons([Self.source()], filter: MonitorFilter(device: "pump-*", tenant: "plant"))
        #expect(text == "the log grows, and nothing in it matches device \"pump-*\" and tenant \"plant\".")
        #expect(
            reasons([Self.source()], matchesNobody: true, filter: MonitorFilter(device: "x*")).contains("no device has an id that matches \"x*\""))
    }

    @Test func `a projection that lags or is paused is named with its reason`() {
        let row = SelectProjectionProgress.Row(
            projection: "finding", generation: 1, source: 4, nextOffset: 1, lag: 7, owner: nil, state: "paused", failure: "disk full")
        let text = reasons([Self.source()], projections: [row])
        #expect(text.contains("the projection finding is paused in source 4: disk full"))
        #expect(text.contains("7 events behind the log in 1 source; nobody works on it, run `hindcast project`"))
    }

    @Test func `a device that is unknown, blocked, deleted or silent is said to be so`() {
        let filter = MonitorFilter(device: "pump-1")
        #expect(
            reasons([Self.source()], device: .unknown(nearest: NearDevice(device: "Pump-1", isByCase: true)), filter: filter).contains(
                "differs only by case"))
        #expect(reasons([Self.source()], device: .unknown(nearest: nil), filter: filter).contains("device \"pump-1\" is unknown."))
        for (registration, health, word) in [
            ("blocked", "blocked", "is blocked by an operator"), ("deleted", "unknown", "was deleted"),
            ("provisioned", "silent", "is silent, for 1h"),
        ] {
            let row = DeviceRow.sample(
                health: health, registration: registration, lastTelemetry: Timestamp(microseconds: Self.now.microseconds - 3_600_000_000))
            #expect(reasons([Self.source()], device: .known([row]), filter: filter).contains(word))
        }
        #expect(reasons([Self.source()], device: .known([.sample(health: "healthy")]), filter: filter).hasPrefix("the log grows"))
    }

    @Test func `globs choose devices and modules, and a plain id is one device`() {
        #expect(MonitorFilter(device: "pump-1").onlyDevice == "pump-1")
        #expect(MonitorFilter(device: "pump-?").onlyDevice == nil)
        #expect(MonitorFilter().onlyDevice == nil)
        #expect(MonitorFilter(module: "edge*").admits(module: "edgeHub"))
        #expect(!MonitorFilter(module: "edge*").admits(module: ""))
        #expect(MonitorFilter(module: "").admits(module: ""))
        #expect(MonitorFilter().admits(module: "any"))
    }
}
