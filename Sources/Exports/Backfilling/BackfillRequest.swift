package import Diagnostics

/// What is to be sent again, and where to.
package struct BackfillRequest: Sendable {
    /// What an operator named.
    package enum Stretch: Equatable, Sendable {
        /// A gap, by its id.
        case gap(String)
        /// Event times of an export and destination.
        case times(ExportRoute, Range<Timestamp>)
    }

    /// What an operator named.
    package var stretch: Stretch
    /// Patterns of device ids; none is all.
    package var devices: [String]
    /// Where to.
    package var target: BackfillTarget
    /// Who asks.
    package var actor: String
    /// Whether what was finished before is begun anew.
    package var isAgain: Bool
    /// Whether another process is put aside without waiting for its lease to end.
    package var takesOver: Bool

    /// Takes all of it.
    package init(
        _ stretch: Stretch, devices: [String] = [], target: BackfillTarget, actor: String, isAgain: Bool = false, takesOver: Bool = false
    ) {
        self.stretch = stretch
        self.devices = devices
        self.target = target
        self.actor = actor
        self.isAgain = isAgain
        self.takesOver = takesOver
    }
}

/// What a request comes to: which events, looked up.
package struct BackfillPlan: Equatable, Sendable {
    /// Which export and destination.
    package let route: ExportRoute
    /// Event times.
    package let times: Range<Timestamp>
    /// The gap, where one was named.
    package let gapID: String?
    /// Offsets of one partition, where the gap is made of such; else all.
    package let offsets: BackfillOffsets?
    /// The comparison that says which events are missing; nil where none covers the stretch, and everything expected is sent.
    package let reconciliation: Int64?
}

/// Offsets of a source, both ends included: what a receipt leaves out.
package struct BackfillOffsets: Equatable, Sendable {
    /// The topic of the log.
    package let topic: String
    /// Its partition.
    package let partition: Int32
    /// The first and the last.
    package let range: ClosedRange<Int64>
}
