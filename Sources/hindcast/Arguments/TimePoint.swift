import ArgumentParser
import Diagnostics
import JSON

/// A point in time as every command takes it: RFC 3339 with `Z` or an offset from UTC, or a ``TimeSpan`` before now, such as `2h` or `-2h`.
struct TimePoint: ExpressibleByArgument, Hashable, Sendable {
    private enum Form: Hashable {
        case instant(Timestamp)
        case ago(TimeSpan)
    }

    private let form: Form

    static let expectation = "expected RFC 3339 with an offset, such as 2026-11-29T08:00:00Z, or how long ago, such as 15m or 2h"

    init?(argument: String) {
        if let time = Timestamp(rfc3339: argument.rawBytes) {
            form = .instant(time)
        } else if let span = TimeSpan(argument: argument.hasPrefix("-") ? String(argument.dropFirst()) : argument) {
            form = .ago(span)
        } else {
            return nil
        }
    }

    /// The instant, for a command that began at `now`.
    func instant(now: Timestamp) -> Timestamp {
        switch form {
        case .instant(let time): time
        case .ago(let span): Timestamp(microseconds: now.microseconds - span.microseconds)
        }
    }
}
