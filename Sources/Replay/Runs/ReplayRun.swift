package import Catalog
package import Diagnostics
package import Hashing

/// One try of other epochs over the past: a row of `replay_run`.
package struct ReplayRun: Equatable, Sendable {
    /// What a run is for.
    package enum Purpose: String, Sendable, CaseIterable {
        /// To be looked at, and promoted.
        case replay
        /// To be looked at only.
        case whatIf = "what_if"
        /// To prove that the base can be built again.
        case verify
        /// Devices get another template.
        case migrate
    }

    /// What a run would change, counted at the cut.
    package struct Summary: Equatable, Sendable {
        /// Findings per device and place that would be new.
        package let appeared: Int64
        /// Findings that would be gone.
        package let disappeared: Int64
        /// Findings that would have other occurrences.
        package let changed: Int64
        /// How many more occurrences of severity error there would be, summed over the places that have more.
        package let newErrors: Int64
        /// Events that the candidate judged.
        package let judged: Int64
        /// SHA-256 over the changes; what a promotion is bound to.
        package let digest: SHA256Digest
    }

    package let id: Int32
    package let purpose: Purpose
    package let state: Generation.State
    /// Where a paused or failed run goes on.
    package let resumesIn: Generation.State?
    /// The candidate.
    package let generation: Int32
    /// What was live when the run was planned.
    package let base: Int32
    /// The template of the version that is tried.
    package let templateID: String?
    /// The template whose devices are judged by it; the same one, but where devices move to another.
    package let migratesFrom: String?
    /// The version that is tried; 0 where the base's own epochs are.
    package let versionKey: Int32
    /// Patterns of the devices that it is tried on; none is all.
    package let devices: [String]
    package let fromTime: Timestamp?
    package let toTime: Timestamp?
    /// Why the run can never be promoted.
    package let obstacle: String?
    package let failure: String?
    package let chunkEvents: Int
    /// Whether every event is read; else what no change can touch is carried over.
    package let readsAll: Bool
    /// Whether the base is judged again too, over the same stretch.
    package let refoldsBase: Bool
    package let coveredDevices: Int64
    package let carriedDevices: Int64
    package let carriedEvents: Int64
    /// Events that retention had taken before the plan.
    package let lostEvents: Int64
    package let plannedAt: Timestamp
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?
    /// What it would change, once it was compared.
    package let summary: Summary?
}

extension ReplayRun.Purpose {
    /// As people read it.
    package var words: String { self == .whatIf ? "what-if" : rawValue }
}

extension Generation.State {
    /// As people read it; ``rawValue`` is for programs.
    package var words: String { self == .catchingUp ? "catching up" : rawValue }

    /// The life cycle of a run: where one may go from here, beside by resuming.
    func canMove(to next: Generation.State) -> Bool {
        switch (self, next) {
        case (.planned, .loading), (.loading, .indexing), (.indexing, .catchingUp), (.indexing, .ready), (.catchingUp, .ready), (.ready, .live),
            (.live, .ready), (.ready, .retired):
            true
        case (.planned, .paused), (.loading, .paused), (.indexing, .paused), (.catchingUp, .paused), (.loading, .failed), (.indexing, .failed),
            (.catchingUp, .failed):
            true
        case (.planned, .aborted), (.loading, .aborted), (.indexing, .aborted), (.catchingUp, .aborted), (.ready, .aborted), (.paused, .aborted),
            (.failed, .aborted):
            true
        default: false
        }
    }
}
