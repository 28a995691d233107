import Glibc

/// Runs a C call that may never return, and waits for it only so long.
///
/// librdkafka before 2.6.1 can hang for ever in `rd_kafka_destroy` once a topic that was consumed is gone from the broker. A process that wants to end must not
/// hang with it: the call runs on a detached thread of its own, and after the deadline that thread is abandoned with whatever it holds.
///
/// `@unchecked Sendable`: `finished` is guarded by `mutex`; both pointers live as long as the object.
@safe package final class Deadline: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private let body: @Sendable () -> Void
    private var finished = false

    private init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Runs `body` on a thread of its own and waits at most `limit` for it.
    ///
    /// - Returns: true when it finished in time; false when its thread was abandoned. Where no thread can be made, the body runs here, without a deadline.
    package static func run(within limit: Duration, _ body: @escaping @Sendable () -> Void) -> Bool {
        let call = Deadline(body)
        let retained = unsafe Unmanaged.passRetained(call)
        var thread = pthread_t()
        let made = unsafe pthread_create(
            &thread, nil,
            { opaque in
                guard let opaque = unsafe opaque else { return nil }
                unsafe Unmanaged<Deadline>.fromOpaque(opaque).takeRetainedValue().perform()
                return nil
            }, retained.toOpaque())
        guard made == 0 else {
            unsafe retained.release()
            body()
            return true
        }
        pthread_detach(thread)
        return call.wait(limit)
    }

    private func perform() {
        body()
        unsafe pthread_mutex_lock(mutex)
        finished = true
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    private func wait(_ limit: Duration) -> Bool {
        var until = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &until)
        let milliseconds = Int(limit.timeoutMilliseconds)
        let nanoseconds = until.tv_nsec + milliseconds % 1000 * 1_000_000
        until.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
        until.tv_nsec = nanoseconds % 1_000_000_000
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while !finished {
            guard unsafe pthread_cond_timedwait(condition, mutex, &until) == 0 else { break }
        }
        return finished
    }
}
