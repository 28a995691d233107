/// An instant as `timestamptz` holds it: whole microseconds, UTC, counted here from 1970-01-01T00:00:00Z.
package struct PostgresTimestamp: RawRepresentable, Hashable, Comparable, Sendable {
    /// Microseconds between 1970-01-01 and 2000-01-01, where the server counts from (PostgreSQL, src/include/datatype/timestamp.h).
    static let serverEpoch: Int64 = 946_684_800_000_000

    /// Microseconds since 1970-01-01T00:00:00Z. `Int64.min` and `Int64.max` are the server's `-infinity` and `infinity`.
    package let rawValue: Int64

    /// The instant so many microseconds after 1970-01-01T00:00:00Z.
    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The instant so many microseconds after 1970-01-01T00:00:00Z.
    package init(microseconds: Int64) {
        rawValue = microseconds
    }

    /// Whether the left instant is the earlier one.
    package static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The value on the wire. Instants too early for the server become `-infinity`, which no real column of ours allows.
    var serverValue: Int64 {
        if rawValue == .max { return .max }
        let (value, overflow) = rawValue.subtractingReportingOverflow(Self.serverEpoch)
        return overflow ? .min : value
    }

    init(serverValue: Int64) {
        if serverValue == .min {
            rawValue = .min
        } else {
            let (value, overflow) = serverValue.addingReportingOverflow(Self.serverEpoch)
            rawValue = overflow ? .max : value
        }
    }
}
