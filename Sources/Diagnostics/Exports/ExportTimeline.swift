/// How a route was, instant by instant, as far as its changes say. Pure; the order of the changes means nothing.
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
        package var code: String
        /// What the service said; empty for nothing.
        package var message: String
        /// Why nothing was delivered; nil where nothing is missing for it.
        package var cause: GapCause?
        /// What says so, in one sentence; empty where there is no cause.
        package var evidence: String
    }

    /// The stretches, from `Timestamp.earliest` to the open end, each beginning where the last ends.
    package let intervals: [Interval]

    /// How it is now.
    package var current: Interval { intervals[intervals.count - 1] }

    /// Takes a history's changes in.
    package init(_ history: ExportHistory, settings: GapSettings = GapSettings()) {
        intervals = [Interval(state: .unknown, from: .earliest, to: nil, code: "", message: "", cause: nil, evidence: "")]
    }
}
