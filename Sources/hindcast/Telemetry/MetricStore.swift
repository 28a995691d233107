import CoreMetrics
import Synchronization

/// Keeps what the program counts and measures, for whoever fetches it.
///
/// Series live as long as the process, so labels must come from closed sets.
final class MetricStore: MetricsFactory {
    /// What names a series.
    struct Name: Hashable, Sendable {
        let label: String
        let dimensions: [Dimension]

        struct Dimension: Hashable, Sendable {
            let name: String
            let value: String
        }
    }

    private let series = Mutex<[Name: MetricSeries]>([:])

    /// Every series, by name.
    var all: [(name: Name, series: MetricSeries)] {
        series.withLock { series in series.map { (name: $0.key, series: $0.value) } }
            .sorted { ($0.name.label, "\($0.name.dimensions)") < ($1.name.label, "\($1.name.dimensions)") }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { make(label, dimensions, .counter) }

    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        make(label, dimensions, .counter)
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { make(label, dimensions, .gauge) }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        make(label, dimensions, aggregate ? .histogram : .gauge)
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { make(label, dimensions, .histogram) }

    // A series goes on counting where it was when its owner is made anew, as a service that is restarted within the process.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func make(_ label: String, _ dimensions: [(String, String)], _ kind: MetricSeries.Kind) -> MetricSeries {
        let name = Name(label: label, dimensions: dimensions.map { Name.Dimension(name: $0.0, value: $0.1) })
        return series.withLock { series in
            if let known = series[name] { return known }
            let new = MetricSeries(kind)
            series[name] = new
            return new
        }
    }
}
