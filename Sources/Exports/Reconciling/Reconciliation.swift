package import Diagnostics

/// A comparison of what a route should have delivered with what its destination has.
package struct Reconciliation: Equatable, Sendable {
    /// Which export and destination.
    package let route: ExportRoute
    /// The stretch of event times that was compared; whole milliseconds, as messages tell time.
    package let times: Range<Timestamp>
    /// Its number, where it was stored.
    package var number: Int64?
    /// Events that should have been sent: those that are not JSON and those that a filter cannot decide on are none of them.
    package var expected: Int64 = 0
    /// Of them, those that the destination has, however often.
    package var delivered: Int64 = 0
    /// Of them, those that it does not have.
    package var missing: Int64 = 0
    /// Copies there beyond the first.
    package var repeated: Int64 = 0
    /// Delivered, but more than the grace period after their event time.
    package var late: Int64 = 0
    /// Messages there that no expected event was found for.
    package var unexpected: Int64 = 0
    /// Events that are not JSON, which the service keeps to itself; the destination is not asked for them.
    package var malformed: Int64 = 0
    /// Events that the filter cannot decide on and that the destination does not have.
    package var undecided: Int64 = 0
    /// In how many rounds the destination was read: one, where memory holds all of it.
    package var rounds = 1

    /// Nothing compared yet.
    package init(route: ExportRoute, times: Range<Timestamp>) {
        self.route = route
        self.times = times
    }
}

/// What to compare, and with how much memory.
package struct ReconciliationSettings: Sendable {
    /// How long after its event time a message may come, in microseconds.
    package var grace: Int64 = 120_000_000
    /// What the table of fingerprints may take, in bytes. A destination that has more is read in several rounds.
    package var memory: Int64 = 1 << 30
    /// The most missing events that are kept, 32 bytes each, before the comparison asks for a shorter stretch.
    package var missingLimit = 20_000_000

    /// The defaults.
    package init() {}
}

/// An expected event that the destination does not have.
struct MissingEvent: Sendable {
    let time: Timestamp
    let offset: Int64
    let source: Int32
    let device: Int32
    let bytes: Int32
    let isMalformed: Bool
    var run: Int32 = 0
}
