import Glibc

/// Starts a detached POSIX thread that runs one closure and ends with it.
///
/// The cooperative pool has as many threads as there are cores and must never wait for the network, so whatever blocks runs on one of these.
enum Thread {
    static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        let context = unsafe Unmanaged.passRetained(ThreadBody(name: name, run: body)).toOpaque()
        var thread = pthread_t()
        let result = unsafe pthread_create(&thread, nil, runThread, context)
        precondition(result == 0, "Cannot start a thread: the process has reached its limit of threads or memory")
        pthread_detach(thread)
    }
}

/// What a new thread is handed.
private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

/// The first function of every thread. It takes the body over, so that what the body holds is released when it ends.
private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let body = unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
    nameThread(body.name)
    body.run()
    return nil
}

/// Names the calling thread; Linux keeps 15 bytes. Through the file, since the glibc module declares no function for it. A name only helps
/// debugging, so failing to set it is no failure.
private func nameThread(_ name: String) {
    let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    let bytes = Array(name.utf8.prefix(15))
    _ = unsafe write(file, bytes, bytes.count)
    close(file)
}
