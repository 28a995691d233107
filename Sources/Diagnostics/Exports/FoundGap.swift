/// A gap as the evidence shows it, before its events are counted.
///
/// Its events are those of its extent with an event time from `start` to before `end` that are not at offsets in `except`; where the cause is `malformed`
/// those that are not JSON, otherwise those that are. One whose events can be counted and that holds none that has had time to arrive is no gap.
package struct FoundGap: Equatable, Sendable {
    /// Where the events lie.
    package enum Extent: Equatable, Sendable {
        /// Every event that the export should have sent with an event time from the gap's start to before its end.
        case time
        /// Events at these offsets of one source, both ends included: what a receipt leaves out.
        case offsets(topic: String, partition: Int32, first: Int64, last: Int64)
        /// The events that a reconciliation names, by its number; see table `export_missing`.
        case listed(reconciliation: Int64)
    }

    /// Which export and destination.
    package var route: ExportRoute
    /// Why.
    package var cause: GapCause
    /// How sure its extent is.
    package var certainty: GapCertainty
    /// The first instant.
    package var start: Timestamp
    /// The first instant after it; nil where it is still open.
    package var end: Timestamp?
    /// Where its events lie.
    package var extent: Extent
    /// What the evidence is, in one sentence.
    package var evidence: String
    /// Offsets about which receipts decide, so that an extent of time leaves them out: delivered, or in another gap. Per partition at most one.
    package var except: [ReceiptRange]

    /// Takes all of it.
    package init(
        route: ExportRoute, cause: GapCause, certainty: GapCertainty, start: Timestamp, end: Timestamp?, extent: Extent = .time, evidence: String,
        except: [ReceiptRange] = []
    ) {
        self.route = route
        self.cause = cause
        self.certainty = certainty
        self.start = start
        self.end = end
        self.extent = extent
        self.evidence = evidence
        self.except = except
    }

    /// Whether an event that the export should have sent, or would have had it been JSON, is one of the gap's. Of an extent `listed` it has to be one of the
    /// events that the reconciliation names.
    package func holds(time: Timestamp, topic: String, partition: Int32, offset: Int64, isMalformed: Bool) -> Bool {
        guard isMalformed == (cause == .malformed), time >= start, end.map({ time < $0 }) ?? true else { return false }
        switch extent {
        case .time: return !except.contains { $0.holds(topic: topic, partition: partition, offset: offset) }
        case .offsets(let itsTopic, let itsPartition, let first, let last):
            return topic == itsTopic && partition == itsPartition && (first...last).contains(offset)
        case .listed: return true
        }
    }
}
