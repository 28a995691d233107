import Logging
import Metrics

/// Where metrics go: to whoever fetches them, or nowhere.
struct MetricsSetup {
    private let server: MetricsServer?

    /// Begins to keep and offer metrics where the settings ask for it. Once a process, before anything counts.
    init(_ area: MetricsArea, logger: Logger) throws(OperatorError) {
        guard let endpoint = area.listen else {
            server = nil
            return
        }
        let store = MetricStore()
        MetricsSystem.bootstrap(store)
        server = try MetricsServer(endpoint, store: store, logger: logger)
    }

    func close() async { await server?.close() }
}
