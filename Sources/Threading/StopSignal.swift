import Synchronization

/// Asks a thread to stop at the next place where it can, and wakes it if it waits.
///
/// Once requested it stays so.
package final class StopSignal: Sendable {
    private let requested = Atomic<Bool>(false)
    private let wake = WakeSignal()

    /// A signal that was not requested yet.
    package init() {}

    /// Whether the thread is to stop. Cheap enough for every turn of a hot loop.
    package var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Becomes readable when the stop is requested; for poll(2), beside the descriptor of what the thread waits for.
    package var fileDescriptor: Int32 { wake.fileDescriptor }

    /// Requests the stop. Any thread may call this, any number of times.
    package func request() {
        requested.store(true, ordering: .releasing)
        wake.send()
    }

    /// Blocks the calling thread until the stop is requested or the time is over; says whether it was requested. This is how a loop pauses.
    @discardableResult
    package func wait(for duration: Duration) -> Bool {
        wake.wait(for: duration)
    }
}
