import Glibc

/// What the kernel has counted of this process.
package enum ProcessorTime {
    /// Seconds of processor time, user and system.
    package static func seconds() -> Double {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { preconditionFailure("Cannot read this process's own clock") }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The largest resident set so far, in KiB.
    package static func peakKibibytes() -> Int {
        var usage = rusage()
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { preconditionFailure("Cannot read this process's own usage") }
        return usage.ru_maxrss
    }
}
