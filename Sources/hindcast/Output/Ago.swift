import Diagnostics

/// Times for people, as seen from one instant.
struct Ago: Sendable {
    let now: Timestamp

    /// The time and how long ago it was: `2026-11-29T08:00:00Z (2h 3m ago)`. A time to come stands alone.
    func text(_ time: Timestamp) -> String {
        let age = now.microseconds - time.microseconds
        return age < 0 ? time.rfc3339 : "\(time.rfc3339) (\(TimeSpan(microseconds: age).text) ago)"
    }

    /// Only how long ago it was, or how far ahead it is: `2h 3m ago`, `5m ahead`.
    func age(_ time: Timestamp) -> String {
        let age = now.microseconds - time.microseconds
        return age < 0 ? "\(TimeSpan(microseconds: -age).text) ahead" : "\(TimeSpan(microseconds: age).text) ago"
    }

    /// The time and how long ago it was, or that it never was.
    func text(_ time: Timestamp?) -> String { time.map { text($0) } ?? "never" }
}
