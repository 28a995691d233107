package import Diagnostics

/// What to try out, on what.
package struct ReplayRequest: Sendable {
    /// The template that is tried.
    package enum Template: Equatable, Sendable {
        /// A template's bytes; they are published only when the run is promoted.
        case document([UInt8])
        /// A published version: an ordinal or the beginning of a hash.
        case version(templateID: String, reference: String)
        /// None: the live generation's own epochs, to verify it.
        case asLive
    }

    package var purpose: ReplayRun.Purpose
    package var template: Template
    /// The template whose devices are judged by the one that is tried; nil where it is tried on its own devices.
    package var migratesFrom: String?
    /// The version of it that has to be in force: an ordinal or the beginning of a hash; any where nil.
    package var migratesFromReference: String?
    /// The generation to begin with and to compare with; the live one where nil.
    package var base: Int32?
    /// Patterns of device ids; none is all. Other devices keep what the live generation says of their past; from the cut on the version is for all.
    package var devices: [String] = []
    /// The version is in force from the first batch with an event of this time or later.
    package var fromTime: Timestamp?
    /// The stretch ends before the first batch with an event of this time or later. Such a run can only be looked at.
    package var toTime: Timestamp?
    /// Whether to read every event, also what no change can touch.
    package var isFull = false
    /// Whether a run may be promoted though retention has taken a part of the past.
    package var acceptsLoss = false
    /// About how many events a chunk has. Each chunk leaves rows for every device that it meets, which are folded once more at the end; so few and large ones
    /// cost less, and small ones lose less where a worker is killed.
    package var chunkEvents = 50_000
    /// Who asks.
    package var actor: String

    package init(_ purpose: ReplayRun.Purpose, template: Template, actor: String) {
        self.purpose = purpose
        self.template = template
        self.actor = actor
    }
}
