import Catalog
import Glibc
import Replay

/// How far a run is: one line that changes on a terminal, a line every few seconds in a pipe. On standard error, so that what a command says stays alone.
struct ReplayMeter {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let begun = ContinuousClock.now
    private var shownAt: ContinuousClock.Instant?
    private var shownState: Generation.State?
    private var first: Int64?

    /// Shows it, where that is due.
    mutating func show(_ run: ReplayRun, _ progress: ReplayProgress) {
        let now = ContinuousClock.now
        let isNew = shownState != run.state
        if !isNew, !isTerminal, let shownAt, now - shownAt < .seconds(5) { return }
        shownAt = now
        shownState = run.state
        if first == nil { first = progress.eventsDone }
        let line = Self.line(run, progress, since: first ?? 0, in: now - begun)
        if isTerminal { Output.status("\r\u{1B}[K" + line) } else { Output.error(line) }
    }

    /// Ends the line.
    func end() {
        if isTerminal { Output.status("\r\u{1B}[K") }
    }

    /// `replay 3 loading [##########          ]  50%  1000000 of 2000000 events, 250000/s, 4 s left`.
    static func line(_ run: ReplayRun, _ progress: ReplayProgress, since first: Int64, in duration: Duration) -> String {
        var line = "replay \(run.id) \(run.state.rawValue)"
        guard run.state == .loading, progress.events > 0 else { return line }
        let part = Double(progress.eventsDone) / Double(progress.events)
        let filled = Int(part * 20)
        line += " [" + String(repeating: "#", count: filled) + String(repeating: " ", count: 20 - filled) + "] \(Int(part * 100))%"
        line += "  \(progress.eventsDone) of \(progress.events) events"
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Double(progress.eventsDone - first) / seconds : 0
        guard rate >= 1 else { return line }
        return line + ", \(Int(rate))/s, \(Int((Double(progress.events - progress.eventsDone) / rate).rounded(.up))) s left"
    }
}
