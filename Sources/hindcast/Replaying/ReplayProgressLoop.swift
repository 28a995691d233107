import Catalog
import Diagnostics
import Glibc
import Logging
import Postgres
import Replay
import Threading

/// Shows how far a run has come: a line that is written over on a terminal, else a log line now and then.
struct ReplayProgressLoop: Sendable {
    let run: Int32
    /// What the names of this process's workers begin with.
    let instance: String
    let postgres: PostgresSettings
    let logger: Logger

    /// Shows it until it is stopped. That the database is away is said by those who work, so here it is passed over.
    func run(stop: borrowing StopSignal) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        let interval: Duration = isTerminal ? .milliseconds(250) : .seconds(5)
        var begun: (at: ContinuousClock.Instant, events: Int64)?
        var connection: Connection?
        var told: ReplayHold?
        while !stop.wait(for: interval) {
            do {
                if connection == nil { connection = try Connection(postgres, logger: logger) }
                guard var asked = connection.take() else { continue }
                let state = try ReplayRuns.show(run, on: &asked).state
                let progress = try ReplayProgress.read(run: run, on: &asked)
                let hold = try ReplayHold.read(run: run, besides: instance, on: &asked)
                connection = consume asked
                let first = begun ?? (.now, progress.eventsDone)
                begun = first
                var line = ReplayProgressLine(
                    state: state, done: progress.eventsDone, total: progress.events, doneHere: progress.eventsDone - first.events,
                    elapsed: .now - first.at)
                line.hold = hold
                if isTerminal {
                    Output.errorPart("\r\u{1B}[K" + line.bar)
                } else if hold == nil || hold != told {
                    logger.info("\(hold == nil ? "Replaying" : "Waiting for a chunk that another worker holds")", metadata: line.metadata(run: run))
                }
                told = hold
            } catch {
                connection = nil
            }
        }
        if isTerminal { Output.errorPart("\r\u{1B}[K") }
    }
}

/// How far a run has come, for people.
struct ReplayProgressLine: Equatable {
    let state: Generation.State
    let done: Int64
    let total: Int64
    /// What was done while we looked on, and for how long that was.
    let doneHere: Int64
    let elapsed: Duration
    /// Who is waited for.
    var hold: ReplayHold?

    private static let width = 24

    /// Events a second; nil before there is something to tell it from.
    var rate: Int64? {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        return doneHere > 0 && seconds > 0 ? Int64(Double(doneHere) / seconds) : nil
    }

    /// Seconds to the end of loading; nil where the rate is not known.
    var remaining: Int64? { rate.map { total > done && $0 > 0 ? (total - done) / $0 : 0 } }

    /// `loading [######------------------]  25%  250,000 of 1,000,000 events, 25,000/s, 0:30 left`.
    var bar: String {
        guard state == .loading, total > 0 else { return state.words }
        let share = Double(min(done, total)) / Double(total)
        let filled = Int(share * Double(Self.width))
        let percent = String(Int(share * 100))
        var text = "loading [\(String(repeating: "#", count: filled))\(String(repeating: "-", count: Self.width - filled))] "
        text += String(repeating: " ", count: 3 - percent.count) + "\(percent)%  \(Grouped.text(done)) of \(Grouped.text(total)) events"
        if let hold {
            return text + ", waiting for a chunk that \(hold.owner) holds; if that worker is gone, it is free at \(hold.until.rfc3339)"
        }
        if let rate, let remaining { text += ", \(Grouped.text(rate))/s, \(Self.clock(remaining)) left" }
        return text
    }

    func metadata(run: Int32) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "replay.run": "\(run)", "replay.state": "\(state.rawValue)", "replay.events": "\(done)", "replay.events-of": "\(total)",
        ]
        if let rate, let remaining {
            metadata["replay.events-per-second"] = "\(rate)"
            metadata["replay.remaining-seconds"] = "\(remaining)"
        }
        if let hold {
            metadata["replay.held-by"] = "\(hold.owner)"
            metadata["replay.held-until"] = "\(hold.until.rfc3339)"
        }
        return metadata
    }

    private static func clock(_ seconds: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
    }
}

/// Numbers with commas between thousands.
enum Grouped {
    static func text(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return number < 0 ? "-\(text)" : text
    }
}
