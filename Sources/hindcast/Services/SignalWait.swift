import Glibc
import Threading

/// Waits for signals or the end of a descriptor, in a program whose main thread has nothing else to do.
struct SignalWait {
    private let wake = WakeSignal()

    /// Takes the signals over. To be called before other threads are started: they inherit that the signals are not theirs.
    init(_ numbers: [Int32]) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        let wake = wake
        // Lives as long as the process: there is no end to it but a signal.
        ThreadLoop(name: "signals") { _ in
            var set = sigset_t()
            unsafe sigemptyset(&set)
            for number in numbers { unsafe sigaddset(&set, number) }
            var number: Int32 = 0
            while unsafe sigwait(&set, &number) != 0 {}
            wake.send()
        }.start()
    }

    /// Returns on a signal, or once the descriptor has nothing more to read; what it has is read and dropped.
    func wait(orEndOf descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            var waits = [
                pollfd(fd: wake.fileDescriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard unsafe poll(&waits, 2, -1) > 0 else { continue }
            if waits[0].revents != 0 { return }
            if waits[1].revents != 0, unsafe read(descriptor, &bytes, bytes.count) <= 0 { return }
        }
    }
}
