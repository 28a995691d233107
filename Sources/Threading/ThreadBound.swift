/// A resource that is made, used and destroyed on one thread of its own.
///
/// Work reaches it as a synchronous closure, so a whole unit of work costs one hop between threads (some 10 µs), however many calls it makes.
package actor ThreadBound<Resource: ~Copyable> {
    @usableFromInline let executor: ThreadExecutor
    // Optional only so that every property has a value before `make` runs: from there on the initializer runs on the executor.
    @usableFromInline var resource: Resource?

    /// The executor whose thread the resource lives on.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Starts the thread and makes the resource on it, so that a blocking `make` holds up nobody else.
    ///
    /// - Parameters:
    ///   - name: the thread's name, as debuggers show it.
    ///   - make: makes the resource; what it throws is passed on, and the thread ends.
    package init<E: Error>(name: String, _ make: @Sendable () throws(E) -> sending Resource) async throws(E) {
        executor = ThreadExecutor(name: name)
        resource = nil
        resource = try make()
    }

    // Isolated, so that the resource's own `deinit` runs on its thread.
    isolated deinit {}

    /// Runs a synchronous unit of work with the resource, on its thread, and returns or throws what it does.
    ///
    /// - Important: spell out `throws(SomeError)` at the closure, or the error's type is lost.
    @inlinable
    package func run<T, E: Error>(_ body: @Sendable (inout Resource) throws(E) -> sending T) throws(E) -> sending T {
        try body(&resource!)
    }
}
