package import Diagnostics

/// What a route should have sent, over all of its past: one expectation per stretch of time in which its definition and its destination stayed the same.
package struct RouteExpectation: Sendable {
    /// A stretch, up to where the next one begins.
    package struct Version: Sendable {
        /// From when on it is in force.
        package let from: Timestamp
        /// What is expected then.
        package let expectation: ExportExpectation

        /// Takes both.
        package init(from: Timestamp, expectation: ExportExpectation) {
            self.from = from
            self.expectation = expectation
        }
    }

    /// Which export and destination.
    package let route: ExportRoute
    /// By time; the first one also stands for what was before it, since an export that was not there yet would have sent what it sends now.
    package let versions: [Version]
    /// The kinds of events that any of them expects.
    package let kinds: [EventKind]

    /// Takes versions in any order; nil where there are none.
    ///
    /// - Parameter kinds: the kinds of events that any version expects.
    package init?(route: ExportRoute, versions: [Version], kinds: [EventKind]) {
        guard !versions.isEmpty else { return nil }
        self.route = route
        self.versions = versions.sorted { $0.from < $1.from }
        self.kinds = kinds
    }

    /// The index in ``versions`` of what is in force at a time.
    package func index(at time: Timestamp) -> Int {
        var lower = 0
        var upper = versions.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if versions[middle].from <= time { lower = middle + 1 } else { upper = middle }
        }
        return max(lower - 1, 0)
    }

    /// Whether the log can tell which events of a stretch of time the route should have sent: every filter in force then can be evaluated.
    package func isCountable(in times: Range<Timestamp>) -> Bool {
        guard !times.isEmpty else { return true }
        let last = index(at: Timestamp(microseconds: times.upperBound.microseconds - 1))
        return versions[index(at: times.lowerBound)...last].allSatisfy(\.expectation.isCountable)
    }
}
