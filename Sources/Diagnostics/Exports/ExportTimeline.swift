/// How a route was, instant by instant, as far as its changes say. Pure; the order of the changes means nothing.
///
/// Where changes say several things of one instant, the absence of the export counts before its switch, and that before a failure. A failure reaches back to
/// the first message that was not delivered.
package struct ExportTimeline: Equatable, Sendable {
    /// How a route is. The raw values are in JSON output.
    package enum State: String, CaseIterable, Sendable {
        /// Nothing is known of it.
        case unknown
        /// It should deliver.
        case on
        /// The export is switched off.
        case off
        /// The destination refuses, and the service tries again.
        case failing
        /// The destination has refused for longer than the service tries again.
        case failed
        /// There is no such export, or no such destination of it.
        case absent
    }

    /// A stretch in which a route was one way.
    package struct Interval: Equatable, Sendable {
        /// How it was.
        package var state: State
        /// The first instant; `Timestamp.earliest` where it always was so.
        package var from: Timestamp
        /// The first instant after it; nil where it still is so.
        package var to: Timestamp?
        /// The service's code for a failure; empty for none.
        package var code: String = ""
        /// What the service said; empty for nothing.
        package var message: String = ""
        /// Why nothing was delivered; nil where nothing is missing for it.
        package var cause: GapCause?
        /// What says so, in one sentence; empty where there is no cause.
        package var evidence: String = ""
    }

    /// The stretches, from `Timestamp.earliest` to the open end, each beginning where the last ends.
    package let intervals: [Interval]

    /// How it is now.
    package var current: Interval { intervals[intervals.count - 1] }

    /// Takes a history's changes in.
    package init(_ history: ExportHistory, settings: GapSettings = GapSettings()) {
        var reading = TimelineReading(history.route, settings: settings)
        for change in history.ownChanges { reading.take(change) }
        reading.finish(asOf: history.asOf)
        intervals = Self.resolved(reading.windows)
    }

    /// What counts at each instant of windows that overlap: of those that are open there the first by ``TimelineWindow/<(_:_:)``.
    private static func resolved(_ windows: [TimelineWindow]) -> [Interval] {
        let windows = windows.filter { $0.from < $0.to }.sorted()
        var edges: [(at: Timestamp, window: Int, opens: Bool)] = []
        for (index, window) in windows.enumerated() {
            edges.append((window.from, index, true))
            if window.to != .endless { edges.append((window.to, index, false)) }
        }
        edges.sort { $0.at < $1.at }
        var open: Set<Int> = []
        var intervals: [Interval] = []
        var next = 0
        while next < edges.count {
            let at = edges[next].at
            while next < edges.count, edges[next].at == at {
                if edges[next].opens { open.insert(edges[next].window) } else { open.remove(edges[next].window) }
                next += 1
            }
            guard let index = open.min() else { continue }
            var interval = windows[index].interval
            interval.from = at
            interval.to = nil
            if let last = intervals.last {
                var same = interval
                same.from = last.from
                if same == last { continue }
                intervals[intervals.count - 1].to = at
            }
            intervals.append(interval)
        }
        return intervals
    }
}

extension Timestamp {
    /// Later than every instant: the end of what does not end.
    static let endless = Timestamp(microseconds: .max)
}
