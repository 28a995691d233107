import Glibc

/// The system's clock of civil time, which may be set back or forward at any moment: for labels, never for deciding what is right.
package enum WallClock {
    /// Microseconds since 1970-01-01T00:00:00 UTC.
    package static func microseconds() -> Int64 {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { preconditionFailure("Cannot read CLOCK_REALTIME, which Linux always has") }
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
