import Diagnostics

/// Judges single events by the rules as they are written: paints what each change says onto minutes, then looks at one minute.
///
/// Slow and simple on purpose. All changes of the history lie on whole minutes, no two of them, but receipts, on the same.
struct NaiveJudge {
    private let sample: RandomHistory
    /// Why nothing was delivered, minute by minute; nil where nothing is missing for it.
    private var painted: [GapCause?] = []
    /// The first minute of the stretch with the same reason that a minute lies in.
    private var asOf: Int64

    private static let minutes = Int(RandomHistory.minutes) + 200

    init(_ sample: RandomHistory) {
        self.sample = sample
        asOf = Self.minute(sample.history.asOf)
        painted = Self.paint(sample.history)
    }

    private static func minute(_ time: Timestamp) -> Int64 { (time.microseconds - SampleHistory.at(0).microseconds) / 60_000_000 }

    /// Cause and certainty of the gap that an event is in; nil for none.
    func verdict(_ event: HistoricEvent) -> String? {
        let covering = sample.history.reconciliations.filter {
            Self.minute($0.from) <= event.minute && event.minute < min(Self.minute($0.to), Self.minute($0.asOf) - 2)
        }
        if let newest = covering.max(by: { ($0.asOf, $0.id) < ($1.asOf, $1.id) }) {
            guard sample.missing[newest.id]?.contains(event) ?? false else { return nil }
            return event.isMalformed ? "malformed reconciled" : "\((near(event.minute) ?? .notDelivered).rawValue) reconciled"
        }
        let ranges = sample.history.changes.compactMap(\.range).filter { $0.partition == event.partition }
        if let first = ranges.map(\.firstOffset).min(), let last = ranges.map(\.lastOffset).max(), (first...last).contains(event.offset) {
            if ranges.contains(where: { ($0.firstOffset...$0.lastOffset).contains(event.offset) }) { return doubt(event) }
            if event.minute >= asOf - 2 { return nil }
            return event.isMalformed ? "malformed receipted" : "\((near(event.minute) ?? .notReceipted).rawValue) receipted"
        }
        if event.isMalformed { return nil }
        let history = sample.history
        if let cause = painted[Int(event.minute)] {
            return isSettled(event.minute) { painted[$0] == cause }
                ? "\(cause.rawValue) \(history.isBound || !history.isCountable ? "inferred" : "counted")" : nil
        }
        guard history.isBound else { return nil }
        return isSilent(event.minute) ? "source-silent inferred" : nil
    }

    /// Whether an event stands in a receipt that counts too few, or in a chain of such that overlap, and what may be the cause of it.
    private func doubt(_ event: HistoricEvent) -> String? {
        let receipts = sample.history.changes.filter { $0.range?.partition == event.partition }
        func isShort(_ receipt: ExportChange) -> Bool {
            sample.history.shortReceipts.contains { $0.range == receipt.range && $0.events == receipt.events }
        }
        func offsets(_ receipt: ExportChange) -> ClosedRange<Int64> { (receipt.range?.firstOffset ?? 0)...(receipt.range?.lastOffset ?? 0) }
        let trusted = receipts.filter { !isShort($0) }
        let doubted = receipts.filter { receipt in
            isShort(receipt) && Self.minute(receipt.time) <= asOf - 2
                && offsets(receipt).contains { offset in !trusted.contains { offsets($0).contains(offset) } }
        }
        var chain: Set<Int64> = [event.offset]
        while let next = doubted.first(where: { receipt in !chain.isDisjoint(with: offsets(receipt)) && !chain.isSuperset(of: offsets(receipt)) }) {
            chain.formUnion(offsets(next))
        }
        guard doubted.contains(where: { offsets($0).contains(event.offset) }), !event.isMalformed, event.minute < asOf - 2 else { return nil }
        // The offset of an event is its minute.
        let concerned = sample.events.filter { $0.partition == event.partition && !$0.isMalformed && chain.contains($0.offset) }.map(\.minute)
        var piece = [event.minute]
        while let last = piece.last, last < min(concerned.max() ?? 0, asOf - 3), !isDecided(last + 1) { piece.append(last + 1) }
        while let first = piece.first, first > concerned.min() ?? 0, !isDecided(first - 1) { piece.insert(first - 1, at: 0) }
        let causes = Set(piece.compactMap { near($0) })
        return "\((causes.count == 1 ? causes.first ?? .notReceipted : .notReceipted).rawValue) inferred"
    }

    /// The cause at a minute, or within two minutes of it: what comes before it first.
    private func near(_ minute: Int64) -> GapCause? {
        if let cause = painted[Int(minute)] { return cause }
        // A window ends before the minute that it ends at, and begins with the one that it begins at.
        for distance in 1...2 where minute - Int64(distance) >= 0 { if let cause = painted[Int(minute) - distance] { return cause } }
        for distance in 1...2 { if let cause = painted[Int(minute) + distance] { return cause } }
        return nil
    }

    /// Whether the stretch around a minute in which something holds began a grace period ago. What a comparison decides divides stretches.
    private func isSettled(_ minute: Int64, _ holds: (Int) -> Bool) -> Bool {
        var first = minute
        while first > 0, holds(Int(first) - 1), !isDecided(first - 1) { first -= 1 }
        return first <= asOf - 2
    }

    private func isDecided(_ minute: Int64) -> Bool {
        sample.history.reconciliations.contains {
            Self.minute($0.from) <= minute && minute < min(Self.minute($0.to), Self.minute($0.asOf) - 2)
        }
    }

    private func isSilent(_ minute: Int64) -> Bool {
        func isIn(_ minute: Int64) -> Bool {
            guard minute >= 0, minute < Self.minutes - 3 else { return false }
            // A silence that begins after now is nobody's to speak of.
            let isQuiet = sample.history.silences.contains {
                Self.minute($0.lowerBound) <= minute && minute < Self.minute($0.upperBound) && Self.minute($0.lowerBound) < asOf
            }
            return isQuiet && near(minute) == nil && !isDecided(minute)
        }
        var first = minute
        var end = minute
        // The last silence goes on where it lasts until now.
        while isIn(first), first > 0, isIn(first - 1) { first -= 1 }
        while isIn(end) { end += 1 }
        if end >= asOf, first < asOf, isIn(first) { return min(end, asOf) - first > 15 && minute >= first }
        if isIn(minute), first < asOf { return min(end, asOf) - first > 15 && first <= asOf - 2 }
        // After now nothing is seen but that an open silence has no end. What seems to follow on it is part of that.
        guard minute >= asOf else { return false }
        var before = asOf - 1
        while before > 0, !isIn(before) { before -= 1 }
        guard isIn(before), before + 1 >= asOf else { return false }
        var start = before
        while start > 0, isIn(start - 1) { start -= 1 }
        return asOf - start > 15
    }
}
