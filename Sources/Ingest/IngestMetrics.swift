import Metrics

/// What ingest counts, made once.
struct IngestMetrics: Sendable {
    let events = Counter(label: "hindcast_ingest_events_total")
    let bytes = Counter(label: "hindcast_ingest_bytes_total")
    let appends = Counter(label: "hindcast_ingest_appends_total")
    let appendTime = Timer(label: "hindcast_ingest_append_seconds")
    let outages = Counter(label: "hindcast_ingest_outages_total")
    let fenced = Counter(label: "hindcast_ingest_fenced_total")
    let holes = Counter(label: "hindcast_ingest_holes_total")
    let sources = Gauge(label: "hindcast_ingest_sources")
}

/// Keys of log metadata.
enum LogKey {
    static let source = "log.source"
    static let topic = "kafka.topic"
    static let partition = "kafka.partition"
    static let offset = "kafka.offset"
    static let error = "error.message"
    static let count = "log.events"
}
