import Glibc
import Logging
import ServiceLifecycle
import Threading
import UnixSignals

/// Runs services side by side until one ends or a signal asks for the end of all.
enum ServiceRun {
    /// How long the end may take, from the signal until the process is gone.
    static let patience = Duration.seconds(75)

    /// - Throws: what the first failing service threw, once all have ended.
    static func run(_ services: [CancellableService], logger: Logger) async throws {
        let watchdog = CancellableService("watchdog", waitsForShutdown)
        let configuration = ServiceGroupConfiguration(
            services: (services + [watchdog]).map { service in
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: service, successTerminationBehavior: .gracefullyShutdownGroup, failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: [.sigint, .sigterm],
            // Its own messages are about its own workings; ours say what starts and stops.
            logger: Logger(label: "services", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await ServiceGroup(configuration: configuration).run()
    }

    /// Waits until the end begins, then sees to it that the end comes: a library that hangs while it closes must not keep the process for ever.
    private static func waitsForShutdown() async throws {
        defer {
            let never = StopSignal()
            ThreadLoop(name: "watchdog") { _ in
                never.wait(for: patience)
                Output.error("hindcast: not everything ended within \(patience); ending without it.")
                _exit(ExitStatus.unknown.rawValue)
            }.start()
        }
        try await gracefulShutdown()
    }
}
