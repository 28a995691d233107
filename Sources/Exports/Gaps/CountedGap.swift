import Diagnostics
import EventLog

/// A gap whose events are counted in the log, and what of each source belongs to it.
struct CountedGap: Sendable {
    let id: String
    let gap: FoundGap
    let expectation: RouteExpectation
    /// By source: what should be counted, as far as the projections have come.
    let targets: [(source: LogSource, target: CountTarget)]

    init(id: String, gap: FoundGap, expectation: RouteExpectation, sources: [LogReach.Reached], reach: LogReach) {
        self.id = id
        self.gap = gap
        self.expectation = expectation
        switch gap.extent {
        case .time:
            targets = sources.map { reached in
                let except = gap.except.first { range in
                    reach.source(topic: range.topic, partition: range.partition)?.source.sourceID == reached.source.sourceID
                }
                return (
                    reached.source,
                    CountTarget(
                        first: 0, next: reached.next, limit: .max, except: except.map { $0.firstOffset..<Self.after($0.lastOffset) },
                        end: gap.end)
                )
            }
        case .offsets(let topic, let partition, let first, let last):
            let found = reach.source(topic: topic, partition: partition)
            targets = (found.map { [$0] } ?? []).map { reached in
                (
                    reached.source,
                    CountTarget(
                        first: first, next: min(Self.after(last), reached.next), limit: Self.after(last), except: nil, end: gap.end)
                )
            }
        case .listed: targets = []
        }
    }

    /// The offset behind one that an event named, and that may be any number.
    private static func after(_ offset: Int64) -> Int64 { offset == .max ? offset : offset + 1 }

    /// What the counts rest on besides the extent.
    var mark: String { mark(until: gap.end) }

    /// What counts rest on that go to an end that the gap had before.
    private func mark(until end: Timestamp?) -> String {
        let cause = gap.cause == .malformed ? "malformed" : "expected"
        return "\(end.map { "\($0.microseconds)" } ?? "")\n\(cause)\n\(expectation.mark(in: gap.start..<max(gap.start, end ?? .endOfTime)))"
    }

    /// Whether counts with another mark can follow the evidence: of all that they count, also of what will be taken away, the same is still expected.
    func follows(_ mark: String) -> Bool {
        guard let line = mark.firstIndex(of: "\n") else { return false }
        let end = mark[..<line]
        if end.isEmpty { return self.mark(until: nil) == mark }
        return Int64(end).map { self.mark(until: Timestamp(microseconds: $0)) == mark } ?? false
    }

    /// Whether simulated devices may be left out of it.
    var mayLeaveOutSimulated: Bool { expectation.versions.contains { !$0.expectation.takesSimulatedDevices } }
}

/// What of one source should be counted.
struct CountTarget: Equatable, Sendable {
    /// The first offset.
    let first: Int64
    /// The first offset that cannot be counted yet.
    let next: Int64
    /// The first offset that does not belong to the gap; no counts go beyond it.
    let limit: Int64
    /// Offsets that are left out.
    let except: Range<Int64>?
    /// The first instant after; nil for no end.
    let end: Timestamp?
}
