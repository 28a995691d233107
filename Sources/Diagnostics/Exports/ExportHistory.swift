/// All the evidence there is about one route: what `GapFinder` judges by. The order of its lists means nothing.
package struct ExportHistory: Equatable, Sendable {
    /// Which export and destination.
    package var route: ExportRoute
    /// What happened to the route, to its export and to its destination. Changes of other exports and destinations are passed over.
    package var changes: [ExportChange]
    /// Whether the log is fed by this very export, so that what the export leaves out the log does not have either and nothing can be counted.
    package var isBound: Bool
    /// Whether the log can tell which events the export should have sent: false for a filter that cannot be evaluated.
    package var isCountable: Bool
    /// The event time of the first event in the log that the export would have sent, had it been there; nil for none.
    package var expectedSince: Timestamp?
    /// What the log has at the offsets that receipts leave out: one for each of ``ReceiptCover/holes`` in which there are expected events.
    package var holes: [ReceiptHole]
    /// Receipts that count fewer events than they should.
    package var shortReceipts: [ShortReceipt]
    /// Comparisons of the log with the destination.
    package var reconciliations: [ReconciledStretch]
    /// When a bound source was silent for longer than usual; one that lasts is written with an end that is not before `asOf`.
    package var silences: [Range<Timestamp>]
    /// When all of this was true.
    package var asOf: Timestamp

    /// A history of changes alone.
    package init(
        route: ExportRoute, changes: [ExportChange] = [], isBound: Bool = false, isCountable: Bool = true, expectedSince: Timestamp? = nil,
        holes: [ReceiptHole] = [], shortReceipts: [ShortReceipt] = [], reconciliations: [ReconciledStretch] = [], silences: [Range<Timestamp>] = [],
        asOf: Timestamp
    ) {
        self.route = route
        self.changes = changes
        self.isBound = isBound
        self.isCountable = isCountable
        self.expectedSince = expectedSince
        self.holes = holes
        self.shortReceipts = shortReceipts
        self.reconciliations = reconciliations
        self.silences = silences
        self.asOf = asOf
    }

    /// The changes that concern the route, in an order that does not depend on theirs.
    package var ownChanges: [ExportChange] { changes.filter { $0.concerns(route) }.sorted() }
}
