package import Diagnostics

/// What a route should have sent, over all of its past: one expectation per stretch of time in which its definition and its destination stayed the same.
package struct RouteExpectation: Sendable {
    /// A stretch, up to where the next one begins.
    package struct Version: Sendable {
        /// From when on it is in force.
        package let from: Timestamp
        /// What is expected then.
        package let expectation: ExportExpectation
        /// What tells it from other versions: source, filter and whether simulated devices count.
        package let mark: String

        /// Takes all of it.
        package init(from: Timestamp, expectation: ExportExpectation, mark: String = "") {
            self.from = from
            self.expectation = expectation
            self.mark = mark
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

    /// What tells the expectation over a stretch of time from any other: where it differs, events have to be counted anew.
    package func mark(in times: Range<Timestamp>) -> String {
        versions(in: times).enumerated().map { $0.offset == 0 ? $0.element.mark : "\($0.element.from.microseconds) \($0.element.mark)" }
            .joined(separator: "\n")
    }

    /// What is expected in each part of a stretch of time.
    package func stretches(in times: Range<Timestamp>) -> [(times: Range<Timestamp>, expectation: ExportExpectation)] {
        let versions = versions(in: times)
        return versions.indices.map { index in
            let from = index == versions.startIndex ? times.lowerBound : versions[index].from
            let to = index + 1 < versions.endIndex ? versions[index + 1].from : times.upperBound
            return (from..<to, versions[index].expectation)
        }
    }

    private func versions(in times: Range<Timestamp>) -> ArraySlice<Version> {
        guard !times.isEmpty else { return [] }
        return versions[index(at: times.lowerBound)...index(at: Timestamp(microseconds: times.upperBound.microseconds - 1))]
    }

    /// Whether the log can tell which events of a stretch of time the route should have sent: every filter in force then can be evaluated.
    package func isCountable(in times: Range<Timestamp>) -> Bool {
        versions(in: times).allSatisfy(\.expectation.isCountable)
    }
}
