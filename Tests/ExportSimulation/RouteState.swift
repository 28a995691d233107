import Diagnostics

/// One export to one destination as the service runs it, by the rules of IoT Central: what arrives while it is off is lost; a destination that refuses is
/// tried again every minute for 15 minutes, and what waited is then delivered late, or lost with everything up to the probe that succeeds.
struct RouteState {
    /// How long the service tries again.
    static let retryMinutes: Int64 = 15
    /// How often it tries a failed destination.
    static let probeMinutes: Int64 = 5

    /// How the destination is.
    enum Health: Equatable {
        case healthy
        /// Since the message that was refused first.
        case retrying(since: Timestamp)
        case failed(since: Timestamp, at: Timestamp)
    }

    /// What became of a message.
    enum Fate: Equatable {
        /// Not meant for the destination.
        case unconcerned
        case delivered(at: Timestamp)
        /// Waits for the destination.
        case waiting
        /// Lost to an incident, by its number.
        case lost(Int)
    }

    private(set) var health = Health.healthy
    private var waiting: [Int] = []
    /// What the service said, by time.
    private(set) var said: [(time: Timestamp, type: String, code: String, since: Timestamp?)] = []
    /// What became of messages that had waited.
    private(set) var settled: [(message: Int, fate: Fate)] = []

    /// When the destination refuses, with the incident's number; nil for an outage that is none.
    let faults: [(window: Range<Timestamp>, code: String, incident: Int?)]

    init(faults: [(window: Range<Timestamp>, code: String, incident: Int?)]) { self.faults = faults }

    private func fault(at time: Timestamp) -> (window: Range<Timestamp>, code: String, incident: Int?)? { faults.first { $0.window.contains(time) } }

    /// Has the service do what falls due up to a time.
    mutating func advance(to time: Timestamp) {
        while true {
            switch health {
            case .healthy: return
            case .retrying(let since):
                guard let due = next(after: since, every: 1, upTo: time) else { return }
                if fault(at: due) == nil {
                    say("destination-recovered", at: due)
                    settled += waiting.map { ($0, .delivered(at: due)) }
                    waiting = []
                    health = .healthy
                } else if due >= since.after(minutes: Self.retryMinutes) {
                    let incident = fault(at: due)?.incident
                    say("destination-failed", at: due, since: since)
                    settled += waiting.map { ($0, incident.map { .lost($0) } ?? .waiting) }
                    waiting = []
                    health = .failed(since: since, at: due)
                    last = due
                }
            case .failed(let since, _):
                guard let due = next(after: since, every: Self.probeMinutes, upTo: time) else { return }
                if fault(at: due) == nil {
                    say("destination-recovered", at: due)
                    health = .healthy
                } else {
                    say("destination-probed", at: due)
                }
            }
            if health == .healthy { last = nil }
        }
    }

    /// Takes a message that is meant for the destination and arrives while the export is on.
    mutating func take(_ message: Int, at time: Timestamp, latency: Int64) -> Fate {
        switch health {
        case .healthy:
            guard fault(at: time) != nil else { return .delivered(at: time.after(milliseconds: latency)) }
            health = .retrying(since: time)
            last = nil
            say("destination-failing", at: time)
            waiting.append(message)
            return .waiting
        case .retrying:
            waiting.append(message)
            return .waiting
        case .failed:
            // Until a probe succeeds, whether or not the destination would take it by now.
            let current = lastFault(before: time)
            return current.map { .lost($0) } ?? .waiting
        }
    }

    // MARK: -

    private var last: Timestamp?

    /// The next time at which the service tries again, if it is not after `time`.
    private mutating func next(after since: Timestamp, every minutes: Int64, upTo time: Timestamp) -> Timestamp? {
        let due = (last ?? since).after(minutes: minutes)
        guard due <= time else { return nil }
        last = due
        return due
    }

    private func lastFault(before time: Timestamp) -> Int? { faults.last { $0.window.lowerBound <= time }?.incident }

    private mutating func say(_ type: String, at time: Timestamp, since: Timestamp? = nil) {
        said.append((time, type, lastCode(at: time), since))
    }

    private func lastCode(at time: Timestamp) -> String { faults.last { $0.window.lowerBound <= time }?.code ?? "" }
}
