package import Diagnostics

/// Something that befalls an export in the simulated day. Raw values are the rows of the table in `docs/exports.md`.
package struct Incident: Sendable {
    /// What befalls it.
    package enum Kind: String, CaseIterable, Sendable {
        case notCreated = "not created yet"
        case disabled = "switched off"
        case stillDisabled = "switched off, still off"
        case removed = "destination removed and added again"
        case stillRemoved = "export removed"
        case destinationFailed = "destination failed"
        case stillFailed = "destination failed, still failing"
        case permissionMissing = "permission missing"
        case throttled = "throttled"
        case malformed = "not JSON"
        case lost = "lost without a word"
        case boundDisabled = "bound: switched off"
        case boundFailed = "bound: destination failed"
        case boundSilent = "bound: silent"
        /// Switched off by what the service says, yet everything was delivered: no gap.
        case flagOnly = "switched off by the flag alone"

        /// The cause that the program has to find where it can know.
        package var cause: GapCause? {
            switch self {
            case .notCreated: .notCreated
            case .disabled, .stillDisabled, .boundDisabled: .disabled
            case .removed, .stillRemoved: .removed
            case .destinationFailed, .stillFailed, .boundFailed: .destinationFailed
            case .permissionMissing: .permissionMissing
            case .throttled: .throttled
            case .malformed: .malformed
            case .lost: nil
            case .boundSilent: .sourceSilent
            case .flagOnly: nil
            }
        }

        /// The service's code where a destination fails.
        var code: String {
            switch self {
            case .permissionMissing: "AuthorizationFailed"
            case .throttled: "429001"
            default: "DestinationUnreachable"
            }
        }
    }

    /// What befalls it.
    package let kind: Kind
    /// Which routes of the plan.
    package let routes: [Int]
    /// From when until when; to beyond the day's end where it goes on.
    package let window: Range<Timestamp>
}

/// What was lost of one route in one incident: the truth that the program is held to.
package struct PlantedGap: Sendable {
    /// Which incident it is of.
    package let incident: Incident
    /// Which export and destination.
    package let route: SimulatedRoute
    /// The places in the day's list of the messages that the destination never got.
    package internal(set) var messages: [Int] = []
    /// From the first of them to the last, both included; the incident's window where the log cannot know of any.
    package internal(set) var span: ClosedRange<Timestamp>
}
