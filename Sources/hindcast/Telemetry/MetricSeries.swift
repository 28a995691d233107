import CoreMetrics
import Synchronization

/// One series of numbers: a sum that grows, a value that moves, or a distribution.
final class MetricSeries: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    enum Kind: Sendable { case counter, gauge, histogram }

    /// What is known at one moment.
    struct Content: Hashable, Sendable {
        /// The sum of a counter, the value of a gauge, the sum of a histogram's values.
        var value = 0.0
        /// How many values a histogram has.
        var count = 0
        /// How many of them lie at or below each of `bounds`.
        var buckets = [Int](repeating: 0, count: MetricSeries.bounds.count)
    }

    /// A histogram's upper bounds; for times these are seconds.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]

    let kind: Kind
    private let state = Mutex(Content())

    init(_ kind: Kind) { self.kind = kind }

    var content: Content { state.withLock { $0 } }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { state.withLock { $0 = Content() } }
    func set(_ value: Int64) { state.withLock { $0.value = Double(value) } }
    func set(_ value: Double) { state.withLock { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        guard kind == .histogram else { return set(value) }
        state.withLock { content in
            content.value += value
            content.count += 1
            for index in Self.bounds.indices where value <= Self.bounds[index] { content.buckets[index] += 1 }
        }
    }

    private func add(_ amount: Double) { state.withLock { $0.value += amount } }
}
