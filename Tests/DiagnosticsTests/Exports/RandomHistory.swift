import Diagnostics

/// One event that an export should have sent, every minute one in each of two partitions.
struct HistoricEvent: Hashable {
    let minute: Int64
    let partition: Int32
    let isMalformed: Bool

    var offset: Int64 { minute }
    var time: Timestamp { SampleHistory.at(minute) }
}

/// A history of some hours made by chance, and what it was made of.
struct RandomHistory {
    static let minutes: Int64 = 400

    let history: ExportHistory
    let events: [HistoricEvent]
    /// The events that each comparison did not find.
    let missing: [Int64: Set<HistoricEvent>]

    init(by random: inout SeededRandom, hasEqualTimes: Bool = false) {
        let malformed = Set((0..<12).map { _ in Int64.random(in: 0..<Self.minutes, using: &random) })
        let events = (0..<Self.minutes).flatMap { minute in
            (0...1 as ClosedRange<Int32>).map { HistoricEvent(minute: minute, partition: $0, isMalformed: $0 == 0 && malformed.contains(minute)) }
        }
        let asOf = Int64.random(in: 200...420, using: &random)
        var changes = Self.changes(by: &random, hasEqualTimes: hasEqualTimes)
        if Bool.random(using: &random) { changes += Self.receipts(by: &random) }
        let short = Self.short(&changes, events, by: &random)
        let cover = ReceiptCover(changes)
        let holes = cover.holes.map { hole in
            let inside = events.filter { hole.holds(topic: "t", partition: $0.partition, offset: $0.offset) }
            return ReceiptHole(range: hole, runs: Self.runs(inside))
        }
        var missing: [Int64: Set<HistoricEvent>] = [:]
        var stretches: [ReconciledStretch] = []
        for id in 0..<Int64.random(in: 0...3, using: &random) {
            let from = Int64.random(in: 0..<350, using: &random)
            let to = from + Int64.random(in: 1...150, using: &random)
            var lost: Set<HistoricEvent> = []
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let start = Int64.random(in: from..<to, using: &random)
                let end = min(to, start + Int64.random(in: 1...40, using: &random))
                // Both partitions lose all of it, so that a run has no holes.
                lost.formUnion(events.filter { $0.minute >= start && $0.minute < end && !$0.isMalformed })
            }
            lost.formUnion(events.filter { $0.minute >= from && $0.minute < to && $0.isMalformed })
            missing[id] = lost
            stretches.append(
                ReconciledStretch(
                    id: id, from: SampleHistory.at(from), to: SampleHistory.at(to),
                    asOf: SampleHistory.at(Int64.random(in: min(from, asOf)...asOf, using: &random)),
                    runs: Self.runs(lost.sorted { ($0.minute, $0.partition) < ($1.minute, $1.partition) })))
        }
        var silences: [Range<Timestamp>] = []
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let from = Int64.random(in: 0..<380, using: &random)
            silences.append(SampleHistory.at(from)..<SampleHistory.at(from + Int64.random(in: 1...90, using: &random)))
        }
        self.events = events
        self.missing = missing
        history = ExportHistory(
            route: SampleHistory.route, changes: changes, isBound: Int.random(in: 0...3, using: &random) == 0,
            isCountable: Int.random(in: 0...5, using: &random) != 0, expectedSince: SampleHistory.at(0), holes: holes, shortReceipts: short,
            reconciliations: stretches, silences: silences, asOf: SampleHistory.at(asOf))
    }

    private static func changes(by random: inout SeededRandom, hasEqualTimes: Bool) -> [ExportChange] {
        let acts: [ExportChange.Act] = [
            .defined, .disabled, .disabled, .enabled, .enabled, .failing, .failing, .failed, .probed, .recovered, .recovered, .removed, .defined,
            .destinationRemoved, .destinationDefined, .backfilled,
        ]
        let count = Int.random(in: 0...14, using: &random)
        var times = Set<Int64>()
        while times.count < count { times.insert(Int64.random(in: 0..<390, using: &random)) }
        // Sorted: the order of a set is another one in each process, and a seed has to make the same history.
        var changes = times.sorted().map { minute in
            let act = acts.randomElement(using: &random) ?? .enabled
            let reachesBack = [.failing, .failed, .probed].contains(act) && Bool.random(using: &random)
            let body =
                act == .defined
                ? ["", #"{"enabled":true}"#, #"{"enabled":false}"#, #"{"destinations":[]}"#, #"{"destinations":[{"id":"d"}]}"#] : [""]
            return SampleHistory.change(
                act, minute, since: reachesBack ? max(0, minute - Int64.random(in: 0...30, using: &random)) : nil,
                code: ["", "", "401", "429"].randomElement(using: &random) ?? "", body: body.randomElement(using: &random) ?? "",
                isImported: Bool.random(using: &random))
        }
        if hasEqualTimes {
            changes += changes.map { change in SampleHistory.change(acts.randomElement(using: &random) ?? .enabled, 0).moved(to: change.time) }
        }
        return changes
    }

    /// Some ranges of one partition or both, each told of some minutes after its last event.
    private static func receipts(by random: inout SeededRandom) -> [ExportChange] {
        (0..<Int.random(in: 0...8, using: &random)).map { _ in
            let first = Int64.random(in: 0..<380, using: &random)
            let last = first + Int64.random(in: 0...40, using: &random)
            return SampleHistory.receipt(
                first, last, min(395, last + Int64.random(in: 0...5, using: &random)), partition: Int32.random(in: 0...1, using: &random))
        }
    }

    /// Has some receipts count fewer events than there are at their offsets, and some as many.
    private static func short(_ changes: inout [ExportChange], _ events: [HistoricEvent], by random: inout SeededRandom) -> [ShortReceipt] {
        var short: Set<ShortReceipt> = []
        for index in changes.indices {
            guard let range = changes[index].range, Int.random(in: 0...2, using: &random) == 0 else { continue }
            let inside = events.filter { !$0.isMalformed && range.holds(topic: "t", partition: $0.partition, offset: $0.offset) }
            guard let first = inside.first, let last = inside.last else { continue }
            let lack = Int64.random(in: 0...2, using: &random)
            changes[index].events = max(0, Int64(inside.count) - lack)
            guard lack > 0 else { continue }
            short.insert(
                ShortReceipt(range: range, events: changes[index].events ?? 0, expected: Int64(inside.count), start: first.time, end: last.time))
        }
        return short.sorted {
            ($0.range.partition, $0.range.firstOffset, $0.range.lastOffset, $0.events) < (
                $1.range.partition, $1.range.firstOffset, $1.range.lastOffset, $1.events
            )
        }
    }

    /// Events in the order of time as runs: nothing was delivered in between for longer than the grace period, so all that is further apart is.
    private static func runs(_ events: [HistoricEvent]) -> [MissingRun] {
        [false, true].flatMap { isMalformed -> [MissingRun] in
            var runs: [MissingRun] = []
            for event in events where event.isMalformed == isMalformed {
                if let last = runs.last, event.time.microseconds - last.end.microseconds <= 60_000_000 {
                    runs[runs.count - 1].end = event.time
                    runs[runs.count - 1].events += 1
                } else {
                    runs.append(MissingRun(start: event.time, end: event.time, events: 1, isMalformed: isMalformed))
                }
            }
            return runs
        }
    }
}

extension ExportChange {
    fileprivate func moved(to time: Timestamp) -> ExportChange {
        var change = self
        change.time = time
        return change
    }
}
