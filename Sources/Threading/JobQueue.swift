import Glibc

/// The jobs that wait for an executor's thread.
///
/// `@unchecked Sendable`: `jobs` and `isStopped` are touched only with `lock` held. It is a pthread pair because `Mutex` has no condition variable.
@safe final class JobQueue: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [UnownedJob] = []
    private var isStopped = false

    init() {
        unsafe pthread_mutex_init(lock, nil)
        unsafe pthread_cond_init(changed, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(lock)
        unsafe changed.deallocate()
        unsafe lock.deallocate()
    }

    func push(_ job: UnownedJob) {
        unsafe pthread_mutex_lock(lock)
        jobs.append(job)
        unsafe pthread_mutex_unlock(lock)
        unsafe pthread_cond_signal(changed)
    }

    /// Lets the thread end once the queue is empty.
    func stop() {
        unsafe pthread_mutex_lock(lock)
        isStopped = true
        unsafe pthread_mutex_unlock(lock)
        unsafe pthread_cond_signal(changed)
    }

    /// Blocks until there are jobs; `nil` when there are none and there will be none.
    func take() -> [UnownedJob]? {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        while jobs.isEmpty {
            if isStopped { return nil }
            unsafe pthread_cond_wait(changed, lock)
        }
        let taken = jobs
        jobs = []
        return taken
    }
}
