/// A point in time: microseconds since 1970-01-01T00:00:00 UTC, the resolution of Postgres's `timestamptz`.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since the Unix epoch; negative before it.
    package let microseconds: Int64

    /// Takes microseconds since the Unix epoch.
    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// Takes milliseconds since the Unix epoch, Kafka's unit; nil where Postgres's `timestamptz`, which begins in 4714 BC, cannot hold them.
    package init?(milliseconds: Int64) {
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
        if overflow || product < -210_866_803_200_000_000 { return nil }
        self.init(microseconds: product)
    }

    /// Takes the first instant of a UTC day, given as days since 2000-01-01.
    package init(startOfDay day: Int16) { self.init(microseconds: Self.millennium + Int64(day) * Self.microsecondsPerDay) }

    /// Whether one instant is before another.
    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

    /// Whether the time lies in the year 1, which .NET services write for a time that there is not yet.
    var isUnset: Bool { self < Timestamp(microseconds: Self.earliest.microseconds + 365 * Self.microsecondsPerDay) }

    /// The start of the UTC hour that the time lies in.
    package var hour: Timestamp { Timestamp(microseconds: microseconds.floored(to: 3_600_000_000)) }

    /// The UTC day as a count of days since 2000-01-01: the number of a segment. Clamped to what a segment's two bytes hold.
    package var day: Int16 {
        let days = microseconds.floored(to: Self.microsecondsPerDay) / Self.microsecondsPerDay
        return Int16(clamping: days - Self.millennium / Self.microsecondsPerDay)
    }

    /// 2000-01-01T00:00:00Z, Postgres's epoch.
    private static let millennium: Int64 = 946_684_800_000_000

    /// The length of a UTC day: leap seconds have no microseconds of their own here.
    static let microsecondsPerDay: Int64 = 86_400_000_000

    /// 0001-01-01T00:00:00Z, the first instant that RFC 3339 can write.
    package static let earliest = Timestamp(microseconds: -62_135_596_800_000_000)
    /// The last microsecond of the year 9999, the last that RFC 3339 can write.
    package static let latest = Timestamp(microseconds: 253_402_300_799_999_999)
}

extension Int64 {
    /// The greatest multiple of `step` that is not greater; `step` is positive. Where there is none in 64 bits, the least multiple that there is.
    func floored(to step: Int64) -> Int64 {
        let remainder = self % step
        let towardsZero = self - remainder
        guard remainder < 0 else { return towardsZero }
        let (floor, overflow) = towardsZero.subtractingReportingOverflow(step)
        return overflow ? towardsZero : floor
    }
}
