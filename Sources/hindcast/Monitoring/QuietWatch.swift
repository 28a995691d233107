/// When a monitor says why nothing is to be seen: once in each stretch without anything.
struct QuietWatch {
    /// How long nothing has to have matched.
    static let patience: Duration = .seconds(10)

    private var quietSince: ContinuousClock.Instant
    private var isSaid = false

    init(now: ContinuousClock.Instant) { quietSince = now }

    /// Notes that something was shown.
    mutating func note(now: ContinuousClock.Instant) {
        quietSince = now
        isSaid = false
    }

    /// Whether it is time to say it; true once in a stretch.
    mutating func isDue(now: ContinuousClock.Instant) -> Bool {
        guard !isSaid, now - quietSince >= Self.patience else { return false }
        isSaid = true
        return true
    }

    /// Whether it has to be said at the end, where nothing was shown at all.
    func isDueAtEnd(shown: Int) -> Bool { shown == 0 && !isSaid }
}
