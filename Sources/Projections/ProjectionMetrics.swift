import CoreMetrics

/// The metrics of projections, created once.
struct ProjectionMetrics: Sendable {
    let events = Counter(label: "hindcast_projection_events_total")
    let batches = Counter(label: "hindcast_projection_batches_total")
    let fenced = Counter(label: "hindcast_projection_fenced_total")
    let failures = Counter(label: "hindcast_projection_failures_total")
    let sources: Gauge
    let batchDuration = Timer(label: "hindcast_projection_batch_duration_nanoseconds")
    let snapshotDuration = Timer(label: "hindcast_snapshot_duration_nanoseconds")

    /// The metrics of one thread. Its gauges carry its place among the threads of the process, not its whole name, which is another one after each start.
    init(worker: String) {
        sources = Gauge(label: "hindcast_projection_sources", dimensions: [("worker", String(worker.split(separator: "/").last ?? ""))])
    }
}

extension Timer {
    /// Records a duration.
    func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

/// The metadata keys of this module's log lines.
enum LogKey {
    static let worker = "projection.worker"
    static let source = "projection.source"
    static let generation = "projection.generation"
    static let projections = "projection.projections"
    static let fromOffset = "projection.from"
    static let toOffset = "projection.to"
    static let events = "projection.events"
    static let error = "projection.error"
    static let duration = "projection.duration"
    static let sources = "projection.sources"
}
