import Diagnostics

/// What is known when a monitor has nothing to show.
struct QuietFacts {
    /// What is known of the device where one is asked for by its whole id.
    enum Device {
        case unknown(nearest: NearDevice?)
        case known([DeviceRow])
    }

    let now: Timestamp
    let sources: [SelectIngestProgress.Row]
    /// Of the projection that the monitor waits for; empty where it waits for none.
    let projections: [SelectProjectionProgress.Row]
    /// Nil where a pattern or nothing was given.
    let device: Device?
    /// Whether a pattern matches no device at all.
    let matchesNobody: Bool
    let filter: MonitorFilter
}

/// Why nothing is to be seen: sentences for people, those first that explain most.
enum QuietReason {
    static func sentences(_ facts: QuietFacts) -> [String] {
        let open = facts.sources.filter { !$0.isEnded }
        guard facts.sources.contains(where: { $0.nextOffset > 0 }) else {
            return [empty(open, of: facts.sources)] + ingest(open)
        }
        var sentences = device(facts)
        sentences += ingest(open)
        sentences += projection(facts.projections)
        if let last = facts.sources.compactMap(\.lastEventTime).max() {
            let age = TimeSpan(microseconds: max(0, facts.now.microseconds - last.microseconds))
            if age.microseconds >= 60_000_000 {
                sentences.append("no traffic for \(age.text): the newest event in the log is of \(last.rfc3339).")
            } else if sentences.isEmpty {
                sentences.append("the log grows, and nothing in it matches\(Self.words(facts.filter)).")
            }
        }
        return sentences
    }

    private static func empty(_ open: [SelectIngestProgress.Row], of sources: [SelectIngestProgress.Row]) -> String {
        if sources.isEmpty { return "the log has no source: nothing was ever ingested; run `hindcast ingest`." }
        if open.isEmpty { return "the log holds no event, and its sources have ended; run `hindcast ingest`." }
        return "the log holds no event yet: its \(count(open.count, "source")) \(open.count == 1 ? "is" : "are") empty."
    }

    private static func device(_ facts: QuietFacts) -> [String] {
        switch facts.device {
        case nil:
            guard facts.matchesNobody, let text = facts.filter.deviceText else { return [] }
            return ["no device has an id that matches \"\(text)\"."]
        case .unknown(let nearest): return ["device \"\(facts.filter.deviceText ?? "")\" is unknown\(nearest?.hint ?? ".")"]
        case .known(let rows): return rows.compactMap { sentence($0, facts.now) }
        }
    }

    private static func sentence(_ row: DeviceRow, _ now: Timestamp) -> String? {
        let name = "device \"\(row.device)\" of tenant \"\(row.tenant)\""
        let advice = "`hindcast device diagnose \(row.tenant)/\(row.device)` says more"
        switch (row.registration, row.health) {
        case ("blocked", _), (_, "blocked"): return "\(name) is blocked by an operator; \(advice)."
        case ("deleted", _): return "\(name) was deleted; \(advice)."
        case (_, "silent"):
            let age = row.lastTelemetry.map { ", for \(TimeSpan(microseconds: max(0, now.microseconds - $0.microseconds)).text)" } ?? ""
            return "\(name) is silent\(age); \(advice)."
        default: return nil
        }
    }

    private static func ingest(_ sources: [SelectIngestProgress.Row]) -> [String] {
        var sentences: [String] = []
        let behind = sources.filter { ($0.lag ?? 0) > 0 }
        let lag = behind.reduce(Int64(0)) { $0 + ($1.lag ?? 0) }
        if lag > 0 { sentences.append("ingest is \(lag) events behind the broker in \(count(behind.count, "source")).") }
        let orphans = sources.filter { $0.kind == "kafka" && $0.owner == nil }
        if !orphans.isEmpty { sentences.append("nobody ingests \(count(orphans.count, "source")) of \(sources.count); run `hindcast ingest`.") }
        return sentences
    }

    private static func projection(_ rows: [SelectProjectionProgress.Row]) -> [String] {
        var sentences: [String] = []
        if let paused = rows.first(where: { $0.state == "paused" }) {
            sentences.append("the projection \(paused.projection) is paused in source \(paused.source): \(paused.failure ?? "no reason was kept").")
        }
        let behind = rows.filter { $0.lag > 0 }
        let lag = behind.reduce(Int64(0)) { $0 + $1.lag }
        if lag > 0 {
            let owner = behind.contains { $0.owner == nil } ? "; nobody works on it, run `hindcast project`" : ""
            sentences.append("the projection of findings is \(lag) events behind the log in \(count(behind.count, "source"))\(owner).")
        }
        return sentences
    }

    private static func words(_ filter: MonitorFilter) -> String {
        var words: [String] = []
        if let device = filter.deviceText { words.append("device \"\(device)\"") }
        if filter.module != nil { words.append("the module") }
        if let tenant = filter.tenant { words.append("tenant \"\(tenant)\"") }
        return words.isEmpty ? "" : " " + words.joined(separator: " and ")
    }

    private static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
}
