import Glibc

/// A switch that one thread turns on to end another thread's wait, also a wait in poll(2) for something else.
///
/// Once on it stays on until ``clear()``, so a signal sent before the wait begins is not lost.
package final class WakeSignal: Sendable {
    /// Becomes readable when the signal is on. Only to be given to poll(2); reading from it is ``clear()``'s business.
    package let fileDescriptor: Int32
    private let sendingDescriptor: Int32

    /// Makes a signal that is off. Having no file descriptor left ends the process.
    package init() {
        var pair: [Int32] = [-1, -1]
        let flags = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        // A socket pair, since it takes its flags when it is made: a child process started meanwhile must not inherit it.
        let result = unsafe socketpair(AF_UNIX, Int32(flags), 0, &pair)
        precondition(result == 0, "Cannot make a wake signal: the process has no file descriptor left")
        (fileDescriptor, sendingDescriptor) = (pair[0], pair[1])
    }

    deinit {
        close(fileDescriptor)
        close(sendingDescriptor)
    }

    /// Turns the signal on. Any thread may call this, any number of times.
    package func send() {
        var byte: UInt8 = 1
        // A full buffer means that it is on already; that is the only failure there can be.
        _ = unsafe Glibc.send(sendingDescriptor, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    /// Turns the signal off.
    package func clear() {
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        unsafe span.withUnsafeMutableBytes { buffer in
            while unsafe read(fileDescriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
    }

    /// Blocks the calling thread until the signal is on or the time is over; says whether it is on.
    ///
    /// - Parameter duration: at most this long; `nil` is without end.
    @discardableResult
    package func wait(for duration: Duration?) -> Bool {
        let deadline = duration.map { ContinuousClock.now + $0 }
        while true {
            var descriptor = pollfd(fd: fileDescriptor, events: Int16(POLLIN), revents: 0)
            let result = unsafe poll(&descriptor, 1, deadline.map { ContinuousClock.now.duration(to: $0).pollMilliseconds } ?? -1)
            if result > 0 { return true }
            if result == 0, let deadline, ContinuousClock.now >= deadline { return false }
        }
    }
}

extension Duration {
    /// The duration as poll(2) takes it: milliseconds, rounded up so that a wait never ends early, and never below zero.
    package var pollMilliseconds: Int32 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return Int32(seconds) * 1000 + Int32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
