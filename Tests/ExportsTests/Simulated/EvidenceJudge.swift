import Diagnostics
import ExportSimulation

/// Says in the words of `docs/exports.md` what the program saw of an incident.
struct EvidenceJudge {
    private static let unknownCauses: Set<String> = ["not-delivered", "not-receipted", "source-silent"]

    let exported: ExportedDay
    let gaps: [SeenGap]

    /// The gaps of an incident's route that lie in its window.
    func matches(_ planted: PlantedGap) -> [Int] {
        let first = min(planted.incident.window.lowerBound, planted.span.lowerBound)
        let last = max(planted.incident.window.upperBound, planted.span.upperBound)
        return gaps.indices.filter { place in
            let gap = gaps[place]
            guard gap.route == planted.route.route, (gap.cause == "malformed") == (planted.incident.kind == .malformed) else { return false }
            return gap.start <= last && gap.end.map { $0 > first } ?? true
        }
    }

    /// The word for it, or what is wrong.
    ///
    /// - Parameter hasTimeline: whether the program could know when it ended.
    func word(for planted: PlantedGap, hasTimeline: Bool) -> String {
        let seen = matches(planted).map { gaps[$0] }
        let kind = planted.incident.kind
        guard !seen.isEmpty else { return planted.messages.isEmpty ? "no gap" : "not seen" }
        if planted.messages.isEmpty { return "false gap" }
        // A gap that goes on where nothing is left to be counted says until when, not what.
        let counted = seen.filter { $0.events != 0 }
        let isKnown = counted.allSatisfy { $0.cause == kind.cause?.rawValue }
        let isUnknown = counted.allSatisfy { Self.unknownCauses.contains($0.cause) }
        guard isKnown || isUnknown else { return "wrong cause: \(seen)" }
        let stays = planted.incident.window.upperBound > exported.day.scale.end
        // A comparison names events: what it shows of an incident that goes on ends with the last that it looked for.
        let isCompared = seen.allSatisfy { $0.certainty == "reconciled" }
        if hasTimeline, isKnown, !(stays && isCompared), seen.contains(where: { $0.end == nil }) != stays { return "wrong end: \(seen)" }
        guard !planted.route.isBound else {
            return counted.allSatisfy { $0.events == nil } ? isKnown ? "not counted" : "cause unknown" : "counted what is not there: \(seen)"
        }
        let events = counted.reduce(0) { $0 + ($1.events ?? 0) }
        guard !counted.contains(where: { $0.events == nil }), events == planted.messages.count else {
            return "wrong count, expected \(planted.messages.count): \(seen)"
        }
        let devices = Set(planted.messages.map { exported.day.messages[$0].device.index }).count
        if counted.count == 1, counted[0].devices != Int64(devices) { return "wrong devices, expected \(devices): \(seen)" }
        guard isKnown else { return "cause unknown" }
        return counted.allSatisfy { $0.certainty == "reconciled" || $0.certainty == "receipted" } ? "exact" : "counted"
    }
}
