/// The evidence about a route, laid out so that each sort of gap can be read off; see `GapFinder`.
struct GapSearch {
    /// A stretch in which a comparison decides: it is the newest of those that cover it.
    struct Decided {
        let range: Range<Timestamp>
        let stretch: ReconciledStretch
    }

    /// A stretch of time that has one cause by the timeline, or none.
    struct Attributed {
        let range: Range<Timestamp>
        /// The interval of the timeline that explains it; nil where none does.
        let interval: ExportTimeline.Interval?
    }

    let history: ExportHistory
    let settings: GapSettings
    let cover: ReceiptCover
    /// What is older than this has had time to arrive. The first instant that has not.
    let settled: Timestamp
    /// What the timeline says is missing, by time.
    let windows: [ExportTimeline.Interval]
    /// The whole of time, cut into what the timeline explains and what it does not. What was sent just before a window, and what was sent just after it, may
    /// share its fate, so each reaches a grace period further on both sides.
    let attributed: [Attributed]
    /// What comparisons decide, by time.
    let decided: [Decided]
    /// The same as ranges.
    let decidedRanges: [Range<Timestamp>]

    init(_ history: ExportHistory, settings: GapSettings) {
        self.history = history
        self.settings = settings
        let changes = history.ownChanges
        cover = ReceiptCover(changes)
        settled = history.asOf.shifted(by: -settings.grace)
        windows = Self.joined(ExportTimeline(history, settings: settings).intervals.filter { $0.cause != nil })
        attributed = Self.attributed(windows, grace: settings.grace)
        decided = Self.decided(history.reconciliations, grace: settings.grace)
        decidedRanges = TimeRanges.union(decided.map(\.range))
    }

    /// The certainty of what only the timeline says.
    var timelineCertainty: GapCertainty { history.isBound || !history.isCountable ? .inferred : .counted }

    /// What goes on for the same cause is one window, though something else says so: an export that is made, but does not send to the destination yet.
    private static func joined(_ intervals: [ExportTimeline.Interval]) -> [ExportTimeline.Interval] {
        intervals.reduce(into: []) { windows, interval in
            if let last = windows.last, last.cause == interval.cause, last.to == interval.from {
                windows[windows.count - 1].to = interval.to
            } else {
                windows.append(interval)
            }
        }
    }

    private static func attributed(_ windows: [ExportTimeline.Interval], grace: Int64) -> [Attributed] {
        var result: [Attributed] = []
        var start = Timestamp(microseconds: .min)
        for (index, window) in windows.enumerated() {
            let from = max(start, window.from.shifted(by: -grace))
            if start < from { result.append(Attributed(range: start..<from, interval: nil)) }
            let next = index + 1 < windows.count ? windows[index + 1].from : .endless
            let to = min(window.to?.shifted(by: grace) ?? .endless, next)
            if from < to { result.append(Attributed(range: from..<to, interval: window)) }
            start = max(start, to)
        }
        if start < .endless { result.append(Attributed(range: start..<Timestamp.endless, interval: nil)) }
        return result
    }

    /// Of comparisons that overlap the newest decides. What had no time to arrive before the destination was read is not decided by it.
    private static func decided(_ stretches: [ReconciledStretch], grace: Int64) -> [Decided] {
        var taken: [Range<Timestamp>] = []
        var result: [Decided] = []
        for stretch in stretches.sorted(by: { ($0.asOf, $0.id) > ($1.asOf, $1.id) }) {
            let to = min(stretch.to, stretch.asOf.shifted(by: -grace))
            guard stretch.from < to else { continue }
            result += TimeRanges.subtract(taken, from: stretch.from..<to).map { Decided(range: $0, stretch: stretch) }
            taken = TimeRanges.union(taken + [stretch.from..<to])
        }
        return result.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }
}

extension MissingRun {
    /// From the first event to the first instant after the last.
    var range: Range<Timestamp> { start..<max(start, end).shifted(by: 1) }
}
