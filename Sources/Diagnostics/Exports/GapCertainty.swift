/// How sure a gap's extent is. The raw values are in SQL views and JSON output.
package enum GapCertainty: String, CaseIterable, Sendable {
    /// The destination was read and each event looked for: the events are known one by one.
    case reconciled
    /// The destination's receipts leave out these offsets: the events are known one by one, as far as the receipts are true.
    case receipted
    /// The export's timeline says so, and the events that it should have sent are counted in the log.
    case counted
    /// The timeline or silence says so, and the events cannot be counted: the log is fed by the export itself, or a filter cannot be evaluated.
    case inferred
}
