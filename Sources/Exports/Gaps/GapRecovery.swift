import Diagnostics

/// Where a gap's events can be had.
struct GapRecovery: Equatable, Sendable {
    /// The places. The raw values are in the table and in the view.
    enum Place: String, Sendable {
        case log
        case serviceHistory = "service-history"
        case none
    }

    let place: Place
    /// Why, in a sentence.
    let reason: String
    /// Until when the service keeps the first of them itself; nil where it keeps none.
    let deadline: Timestamp?

    /// Decides it.
    ///
    /// - Parameters:
    ///   - source: what the export sends; nil where that is not known.
    ///   - isCountable: whether the log tells which events are missing.
    ///   - isDropped: whether retention has dropped a part of the log that held events of the time.
    static func of(_ gap: FoundGap, source: ExportSource?, isCountable: Bool, isDropped: Bool, retentionDays: Int) -> GapRecovery {
        let isKept = source == nil || source == .telemetry
        let deadline = isKept ? Timestamp(microseconds: gap.start.microseconds + Int64(retentionDays) * 86_400_000_000) : nil
        if gap.cause == .malformed {
            return GapRecovery(
                place: .none, reason: "The service sends nothing that is not JSON; the bytes are in the log, see view raw_events.", deadline: deadline
            )
        }
        if isCountable, !isDropped { return GapRecovery(place: .log, reason: "The log holds the events.", deadline: deadline) }
        let lack = isDropped ? "Retention has dropped a part of the log that held some of them" : "The log does not hold them, or cannot tell which"
        if isKept {
            return GapRecovery(place: .serviceHistory, reason: "\(lack); the service keeps telemetry until the deadline.", deadline: deadline)
        }
        return GapRecovery(place: .none, reason: "\(lack), and the service keeps no history of \(source?.rawValue ?? "them").", deadline: nil)
    }
}
