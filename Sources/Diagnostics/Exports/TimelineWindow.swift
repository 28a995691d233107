/// A stretch that a change, or two, speak of; windows may overlap.
struct TimelineWindow: Comparable {
    /// How the route was, save that another window may count more.
    var interval: ExportTimeline.Interval
    /// The first instant after it.
    var to: Timestamp

    var from: Timestamp { interval.from }

    init(
        _ state: ExportTimeline.State, from: Timestamp, to: Timestamp, code: String = "", message: String = "", cause: GapCause? = nil,
        evidence: String = ""
    ) {
        interval = ExportTimeline.Interval(state: state, from: from, to: nil, code: code, message: message, cause: cause, evidence: evidence)
        self.to = to
    }

    /// What counts more comes first: absence, the switch, failures, then what is no gap. Of the same sort the earlier; the rest only makes the order total.
    static func < (a: TimelineWindow, b: TimelineWindow) -> Bool {
        let (left, right) = ([a.rank, a.from.microseconds, a.to.microseconds], [b.rank, b.from.microseconds, b.to.microseconds])
        if left != right { return left.lexicographicallyPrecedes(right) }
        return a.texts.lexicographicallyPrecedes(b.texts)
    }

    private var texts: [String] { [interval.cause?.rawValue ?? "", interval.code, interval.message, interval.evidence] }

    private var rank: Int64 {
        switch interval.state {
        case .absent: 0
        case .off: 1
        case .failed: 2
        case .failing: 3
        case .on: 4
        case .unknown: 5
        }
    }
}
