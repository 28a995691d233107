/// A run of expected events that evidence leaves out, with no event that it has for longer than the grace period in between. Events that the service keeps
/// because they are not JSON are in runs of their own, which may overlap the others.
package struct MissingRun: Hashable, Sendable {
    /// The event time of the first.
    package var start: Timestamp
    /// The event time of the last, included.
    package var end: Timestamp
    /// How many there are.
    package var events: Int64
    /// Whether they are those that are not JSON.
    package var isMalformed: Bool

    /// Takes all of it.
    package init(start: Timestamp, end: Timestamp, events: Int64, isMalformed: Bool = false) {
        self.start = start
        self.end = end
        self.events = events
        self.isMalformed = isMalformed
    }
}

/// A comparison of the log with what a destination has, as far as gaps need it.
package struct ReconciledStretch: Equatable, Sendable {
    /// The number of the reconciliation.
    package var id: Int64
    /// The first instant that was compared.
    package var from: Timestamp
    /// The first instant that was not.
    package var to: Timestamp
    /// When the destination was read. What is younger by less than the grace period may have been under way.
    package var asOf: Timestamp
    /// What the destination does not have, in any order.
    package var runs: [MissingRun]

    /// Takes all of it.
    package init(id: Int64, from: Timestamp, to: Timestamp, asOf: Timestamp, runs: [MissingRun]) {
        self.id = id
        self.from = from
        self.to = to
        self.asOf = asOf
        self.runs = runs
    }
}

/// What the log has at offsets that receipts leave out; see ``ReceiptCover/holes``.
package struct ReceiptHole: Equatable, Sendable {
    /// The offsets.
    package var range: ReceiptRange
    /// The expected events at them; empty where there are none, so that nothing is missing.
    package var runs: [MissingRun]

    /// Takes both.
    package init(range: ReceiptRange, runs: [MissingRun]) {
        self.range = range
        self.runs = runs
    }
}
