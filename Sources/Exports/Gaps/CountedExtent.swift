import Diagnostics

/// What of one source is counted, or should be: some of its offsets, and of them the events of a stretch of time.
struct CountedExtent: Equatable, Sendable {
    /// The first offset.
    var first: Int64
    /// The first offset that is not counted.
    var next: Int64
    /// Offsets that are left out.
    var except: Range<Int64>?
    /// The first instant after; nil for no end. The first instant is the gap's own and never changes.
    var end: Timestamp?
    /// Hours of which more offsets are counted than that; nil where there are none.
    var tally: HourTally?

    /// The offsets.
    var offsets: OffsetRanges { OffsetRanges(first..<max(first, next), except: except) }

    /// What has to be read to come from counts of one extent to counts of another: each part added or taken away.
    static func steps(from old: CountedExtent, to new: CountedExtent, start: Timestamp) -> [CountStep] {
        var steps: [CountStep] = []
        let (oldTime, newTime) = (times(start, old.end), times(start, new.end))
        for range in new.offsets.subtracting(old.offsets).ranges { steps.append(CountStep(sign: 1, offsets: range, times: newTime)) }
        for range in old.offsets.subtracting(new.offsets).ranges { steps.append(CountStep(sign: -1, offsets: range, times: oldTime)) }
        let common = old.offsets.intersection(new.offsets).ranges
        if oldTime.upperBound < newTime.upperBound {
            let times = max(start, oldTime.upperBound)..<newTime.upperBound
            steps += common.map { CountStep(sign: 1, offsets: $0, times: times) }
        } else if newTime.upperBound < oldTime.upperBound {
            let times = max(start, newTime.upperBound)..<oldTime.upperBound
            steps += common.map { CountStep(sign: -1, offsets: $0, times: times) }
        }
        return steps.filter { !$0.times.isEmpty }
    }

    private static func times(_ start: Timestamp, _ end: Timestamp?) -> Range<Timestamp> { start..<max(start, end ?? .endOfTime) }
}

/// Whole hours that were counted from hourly traffic, which has events of all offsets up to the projection's checkpoint.
///
/// It was made when nothing of these hours was counted, and none of them has an event at an offset that is left out. So an event is counted by it or by the log,
/// and never by both: by it if it is of such an hour and of an offset before ``next``.
struct HourTally: Equatable, Sendable {
    /// From the first hour's beginning to the last one's end.
    let hours: Range<Timestamp>
    /// The first offset that it does not count.
    let next: Int64

    /// Whether it counts an event.
    func holds(_ time: Timestamp, offset: Int64) -> Bool { offset < next && hours.contains(time) }

    /// Whether counts that rest on it can follow the evidence. Only once the log was counted up to it as well are there counts of a stretch of time and of offsets.
    func survives(_ old: CountedExtent, _ target: CountTarget) -> Bool {
        old.first == target.first && old.except == target.except && hours.upperBound <= target.end ?? .endOfTime
    }
}

/// A part of the log to read, and what its events do to the counts.
struct CountStep: Equatable, Sendable {
    /// 1 adds, -1 takes away.
    let sign: Int64
    let offsets: Range<Int64>
    let times: Range<Timestamp>
}
