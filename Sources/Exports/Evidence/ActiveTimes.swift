import Diagnostics

/// When something came in: stretches of time, whatever the order in which they were told of.
struct ActiveTimes: Equatable, Sendable {
    /// Apart from one another, in order. Stretches that overlap or touch are one, so that those of several busy partitions come to few.
    private(set) var stretches: [ClosedRange<Timestamp>] = []
    /// How many were told of.
    private(set) var count = 0

    /// No stretch yet.
    init() {}

    /// Takes one in. Most come at the end.
    mutating func add(_ stretch: ClosedRange<Timestamp>) {
        count += 1
        // The first that does not end before it, and the first that begins after it.
        var lower = stretches.count
        while lower > 0, stretches[lower - 1].upperBound >= stretch.lowerBound { lower -= 1 }
        var upper = lower
        while upper < stretches.count, stretches[upper].lowerBound <= stretch.upperBound { upper += 1 }
        guard lower < upper else {
            stretches.insert(stretch, at: lower)
            return
        }
        let joined = min(stretches[lower].lowerBound, stretch.lowerBound)...max(stretches[upper - 1].upperBound, stretch.upperBound)
        stretches.replaceSubrange(lower..<upper, with: CollectionOfOne(joined))
    }

    /// The quiet times in between, in order.
    var pauses: some Sequence<Range<Timestamp>> { zip(stretches, stretches.dropFirst()).lazy.map { $0.upperBound..<$1.lowerBound } }

    /// How many microseconds usually lie between one and the next; nil before there are two.
    var usualPause: Int64? {
        guard count > 1 else { return nil }
        return pauses.reduce(0) { $0 + $1.upperBound.microseconds - $1.lowerBound.microseconds } / Int64(count - 1)
    }
}
