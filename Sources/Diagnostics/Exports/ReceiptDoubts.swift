/// Where receipts say that some events are missing, and not which: offsets of receipts that count too few, in which no other receipt stands for all of them.
struct ReceiptDoubts {
    /// A stretch of one partition with something missing in it.
    struct Doubt: Equatable {
        /// The offsets.
        var range: ReceiptRange
        /// The receipt in it that lacks the most.
        var worst: ShortReceipt
        /// The event time of the earliest event that the export should have sent of it.
        var start: Timestamp
        /// The event time of the latest, included.
        var end: Timestamp
    }

    private struct Said: Hashable {
        let range: ReceiptRange
        let events: Int64?
    }

    /// By place, disjoint.
    let doubts: [Doubt]

    /// Takes the receipts among changes, and those of them that are short, both in any order. A short receipt that is not among the changes does not count, nor
    /// does one that is too young: what it lacks may be under way, and another receipt with it.
    ///
    /// Each receipt is taken at its word: one that has no count, or whose count is enough, stands for its whole range. Of several that are short none can make
    /// up for another, since nothing says whether they count the same events.
    ///
    /// - Parameter settled: the last instant of which a receipt is old enough.
    init(_ changes: [ExportChange], short: [ShortReceipt], settled: Timestamp) {
        let receipts = changes.filter { $0.act == .delivered }.compactMap { change in
            change.range.map { (said: Said(range: $0, events: change.events), time: change.time) }
        }
        let old = Set(receipts.filter { $0.time <= settled }.map(\.said))
        let lacking = Set(short.map { Said(range: $0.range, events: $0.events) })
        let short = short.filter { old.contains(Said(range: $0.range, events: $0.events)) }
        let whole = Set(receipts.map(\.said)).subtracting(lacking).map(\.range).filter { $0.firstOffset <= $0.lastOffset }.sorted(by: Self.isBefore)
        var doubts: [Doubt] = []
        for receipt in short.sorted(by: { Self.isBefore($0.range, $1.range) || $0.range == $1.range && $0.events < $1.events }) {
            guard !Self.isCovered(receipt.range, by: whole) else { continue }
            let next = Doubt(range: receipt.range, worst: receipt, start: receipt.start, end: receipt.end)
            if let last = doubts.last, last.range.overlaps(next.range) {
                doubts[doubts.count - 1] = Self.joined(last, next)
            } else {
                doubts.append(next)
            }
        }
        self.doubts = doubts
    }

    private static func isBefore(_ a: ReceiptRange, _ b: ReceiptRange) -> Bool {
        (a.topic, a.partition, a.firstOffset, a.lastOffset) < (b.topic, b.partition, b.firstOffset, b.lastOffset)
    }

    /// Whether ranges, by place, leave nothing of another out.
    private static func isCovered(_ range: ReceiptRange, by ranges: [ReceiptRange]) -> Bool {
        var next = range.firstOffset
        for other in ranges where other.topic == range.topic && other.partition == range.partition && other.lastOffset >= next {
            if other.firstOffset > next { return false }
            if other.lastOffset >= range.lastOffset { return true }
            next = other.lastOffset + 1
        }
        return false
    }

    private static func joined(_ a: Doubt, _ b: Doubt) -> Doubt {
        let range = ReceiptRange(
            topic: a.range.topic, partition: a.range.partition, firstOffset: a.range.firstOffset,
            lastOffset: max(a.range.lastOffset, b.range.lastOffset))
        let isWorse = b.worst.expected - b.worst.events > a.worst.expected - a.worst.events
        return Doubt(range: range, worst: isWorse ? b.worst : a.worst, start: min(a.start, b.start), end: max(a.end, b.end))
    }
}

extension ReceiptRange {
    fileprivate func overlaps(_ other: ReceiptRange) -> Bool {
        topic == other.topic && partition == other.partition && firstOffset <= other.lastOffset && other.firstOffset <= lastOffset
    }
}
