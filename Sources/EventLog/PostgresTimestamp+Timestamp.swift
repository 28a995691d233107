package import Diagnostics
package import Postgres

extension PostgresTimestamp {
    /// The same instant for a `timestamptz` column.
    package init(_ time: Timestamp) { self.init(microseconds: time.microseconds) }
}

extension Timestamp {
    /// The instant of a `timestamptz` column.
    package init(_ time: PostgresTimestamp) { self.init(microseconds: time.rawValue) }
}
