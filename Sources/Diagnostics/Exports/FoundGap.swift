/// A gap as the evidence shows it, before its events are counted.
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

    /// Takes all of it.
    package init(
        route: ExportRoute, cause: GapCause, certainty: GapCertainty, start: Timestamp, end: Timestamp?, extent: Extent = .time, evidence: String
    ) {
        self.route = route
        self.cause = cause
        self.certainty = certainty
        self.start = start
        self.end = end
        self.extent = extent
        self.evidence = evidence
    }
}
