/// Runs jobs one at a time on one thread of its own, so that a blocking C call never parks a thread of the cooperative pool.
///
/// The thread ends when the executor is released.
package final class ThreadExecutor: SerialExecutor {
    private let queue = JobQueue()

    /// Starts the thread.
    ///
    /// - Parameter name: what debuggers and `top -H` show; Linux keeps the first 15 bytes.
    package init(name: String) {
        let queue = queue
        // Weak, or the thread would keep the executor alive that ends it.
        Thread.start(name: name) { [weak self] in
            while let jobs = queue.take() {
                guard let self else { return }
                for job in jobs { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
            }
        }
    }

    deinit {
        queue.stop()
    }

    /// Takes a job; the runtime calls this.
    package func enqueue(_ job: consuming ExecutorJob) {
        queue.push(UnownedJob(job))
    }

    /// The executor as the runtime refers to it.
    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }
}
