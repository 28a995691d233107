/// Arithmetic on sets of instants, each written as ranges that are sorted and apart from one another.
enum TimeRanges {
    /// The same instants as ranges that may overlap.
    static func union(_ ranges: [Range<Timestamp>]) -> [Range<Timestamp>] {
        var result: [Range<Timestamp>] = []
        for range in ranges.filter({ !$0.isEmpty }).sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// The instants of one range that are in no other.
    static func subtract(_ others: [Range<Timestamp>], from range: Range<Timestamp>) -> [Range<Timestamp>] {
        var result: [Range<Timestamp>] = []
        var start = range.lowerBound
        for other in others where other.upperBound > start {
            if other.lowerBound >= range.upperBound { break }
            if other.lowerBound > start { result.append(start..<other.lowerBound) }
            start = max(start, other.upperBound)
        }
        if start < range.upperBound { result.append(start..<range.upperBound) }
        return result
    }

    /// The instants of a range that are in others.
    static func intersect(_ others: [Range<Timestamp>], with range: Range<Timestamp>) -> [Range<Timestamp>] {
        others.compactMap { other in
            let shared = other.clamped(to: range)
            return shared.isEmpty ? nil : shared
        }
    }

    /// The instants that are in all of several sets.
    static func common(of sets: [[Range<Timestamp>]]) -> [Range<Timestamp>] {
        guard let first = sets.first else { return [] }
        return sets.dropFirst().reduce(union(first)) { shared, next in
            let next = union(next)
            return shared.flatMap { intersect(next, with: $0) }
        }
    }
}
