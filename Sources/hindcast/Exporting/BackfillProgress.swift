import Glibc
import Logging

/// Shows how far a backfill has come: a line that is written over on a terminal, else a log line now and then.
struct BackfillProgress {
    let number: Int64
    /// Offsets that are to be looked through altogether.
    let total: Int64
    let start: ContinuousClock.Instant
    let logger: Logger

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var shown: ContinuousClock.Instant?

    init(number: Int64, total: Int64, start: ContinuousClock.Instant, logger: Logger) {
        self.number = number
        self.total = total
        self.start = start
        self.logger = logger
    }

    /// Says it, where it was not said just now.
    mutating func show(events: Int64, remaining: Int64) {
        let interval: Duration = isTerminal ? .milliseconds(250) : .seconds(5)
        if let shown, .now - shown < interval { return }
        shown = .now
        let percent = total > 0 ? 100 * (total - remaining) / total : 100
        if isTerminal {
            Output.errorPart("\r\u{1B}[Kbackfill \(number): \(percent) % of the log's stretch, \(events) events sent")
        } else {
            logger.info("Backfilling", metadata: ["backfill": "\(number)", "events": "\(events)", "percent": "\(percent)"])
        }
    }

    /// Clears the line.
    func end() {
        if isTerminal { Output.errorPart("\r\u{1B}[K") }
    }
}
