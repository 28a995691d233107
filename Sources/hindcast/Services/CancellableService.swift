import ServiceLifecycle

/// A part of the program as a service: its work is cancelled when the program shuts down, and may end in its own time.
struct CancellableService: Service, CustomStringConvertible {
    let description: String
    private let work: @Sendable () async throws -> Void

    init(_ name: String, _ work: @escaping @Sendable () async throws -> Void) {
        description = name
        self.work = work
    }

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await work() }
        } catch is CancellationError {
            // That is how it ends.
        }
    }
}
