import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// Runs services side by side until one ends or a signal asks for the end of all.
enum ServiceRun {
    /// How long services may take to end in order before the process ends without them.
    static let patience = Duration.seconds(30)

    /// - Throws: what the first failing service threw, once all have ended.
    static func run(_ services: [CancellableService], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map { service in
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: service, successTerminationBehavior: .gracefullyShutdownGroup, failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        configuration.maximumGracefulShutdownDuration = patience
        // Its own messages are about its own workings; ours say what starts and stops.
        configuration.logger = Logger(label: "services", factory: { _ in SwiftLogNoOpLogHandler() })
        try await ServiceGroup(configuration: configuration).run()
    }
}
