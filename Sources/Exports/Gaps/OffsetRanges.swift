/// Which offsets of a source a gap's counts are about: a range without another one.
struct OffsetRanges: Equatable, Sendable {
    /// Disjoint, in order, none empty.
    private(set) var ranges: [Range<Int64>]

    /// A range without another one.
    init(_ range: Range<Int64>, except: Range<Int64>? = nil) {
        ranges = range.isEmpty ? [] : [range]
        if let except { self = subtracting(OffsetRanges(except)) }
    }

    private init(ranges: [Range<Int64>]) { self.ranges = ranges }

    /// What the other does not have.
    func subtracting(_ other: OffsetRanges) -> OffsetRanges {
        var left = ranges
        for cut in other.ranges {
            left = left.flatMap { range -> [Range<Int64>] in
                guard range.overlaps(cut) else { return [range] }
                return [range.lowerBound..<max(range.lowerBound, cut.lowerBound), min(range.upperBound, cut.upperBound)..<range.upperBound]
                    .filter { !$0.isEmpty }
            }
        }
        return OffsetRanges(ranges: left)
    }

    /// What both have.
    func intersection(_ other: OffsetRanges) -> OffsetRanges { subtracting(subtracting(other)) }
}
