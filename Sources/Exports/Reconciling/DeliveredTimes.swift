import Diagnostics

/// At which times a destination has something: enough to say whether anything arrived between two events, in 16 bytes for each second or longer step.
struct DeliveredTimes {
    /// The most steps that a stretch is cut into: 16 MB.
    private static let limit: Int64 = 1_000_000

    private struct Step {
        var first = Int64.max
        var last = Int64.min
    }

    private let start: Int64
    private let step: Int64
    private var steps: [Step]

    /// Nothing arrived yet.
    init(_ times: Range<Timestamp>) {
        let length = times.upperBound.microseconds - times.lowerBound.microseconds
        start = times.lowerBound.microseconds
        step = max(1_000_000, length / Self.limit + 1)
        steps = Array(repeating: Step(), count: Int(length / step) + 1)
    }

    /// An event of this time arrived; the time lies in the stretch.
    mutating func add(_ time: Timestamp) {
        let index = Int((time.microseconds - start) / step)
        guard steps.indices.contains(index) else { return }
        steps[index].first = min(steps[index].first, time.microseconds)
        steps[index].last = max(steps[index].last, time.microseconds)
    }

    /// Whether an event arrived between two others. Exact where they lie in different steps; within one step any event of it counts.
    func isAny(after a: Timestamp, before b: Timestamp) -> Bool {
        let (lower, upper) = (Int((a.microseconds - start) / step), Int((b.microseconds - start) / step))
        guard steps.indices.contains(lower), steps.indices.contains(upper), lower <= upper else { return false }
        if lower == upper { return steps[lower].last > a.microseconds && steps[lower].first < b.microseconds }
        if steps[lower].last > a.microseconds || steps[upper].first < b.microseconds { return true }
        return steps[(lower + 1)..<upper].contains { $0.last >= $0.first }
    }
}
