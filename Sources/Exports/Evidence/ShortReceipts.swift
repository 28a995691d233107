import Diagnostics
import EventLog
import Postgres

/// Which receipts count fewer events than the log has, at their offsets, that the export should have sent. What lies below the checkpoints never changes, so it is
/// read once; and not at all where a receipt counts as many events as there are offsets.
struct ShortReceipts: Sendable {
    private struct Place: Hashable {
        let route: ExportRoute
        let range: ReceiptRange
        let mark: String
    }

    /// What the export should have sent of a range.
    private struct Content: Sendable {
        var events: Int64 = 0
        var start = Timestamp.endOfTime
        var end = Timestamp.earliest
    }

    /// Receipts that touch are read together, up to so many offsets.
    private static let together: Int64 = 200_000

    private var known: [Place: Content] = [:]
    /// How many offsets may still be read in this step.
    private var budget: Int64 = 0
    /// Whether some receipts were not looked at for want of it.
    private(set) var isBehind = false

    /// Begins a step.
    mutating func begin(budget: Int64) {
        self.budget = budget
        isBehind = false
    }

    /// Has what is known of some routes looked up anew.
    mutating func forget(_ routes: Set<ExportRoute>) { known = known.filter { !routes.contains($0.key.route) } }

    /// The short ones among a route's receipts, as far as they lie within reach and were looked at.
    mutating func among(
        _ changes: [ExportChange], of expectation: RouteExpectation, reach: LogReach, boundTopics: Set<String>, simulated: Set<Int32>,
        on connection: inout Connection
    ) throws(PostgresError) -> [ShortReceipt] {
        let mark = expectation.mark(in: .earliest..<(.endOfTime))
        var counted: Set<CountedReceipt> = []
        for change in changes where change.act == .delivered {
            guard let range = change.range, let events = change.events, !boundTopics.contains(range.topic) else { continue }
            // No range is empty, and none ends at the last number there is.
            if range.firstOffset <= range.lastOffset, events <= range.lastOffset - range.firstOffset {
                counted.insert(CountedReceipt(range: range, events: events))
            }
        }
        var unknown: [Int32: (source: LogSource, ranges: Set<ReceiptRange>)] = [:]
        for range in counted.map(\.range) where known[Place(route: expectation.route, range: range, mark: mark)] == nil {
            guard let reached = reach.source(topic: range.topic, partition: range.partition), reached.next > range.lastOffset else { continue }
            unknown[reached.source.sourceID, default: (reached.source, [])].ranges.insert(range)
        }
        for (source, ranges) in unknown.values {
            let sorted = ranges.sorted { ($0.firstOffset, $0.lastOffset) < ($1.firstOffset, $1.lastOffset) }
            for group in Self.groups(sorted) {
                guard budget > 0 else {
                    isBehind = true
                    break
                }
                let contents = try Self.read(group, source, expectation, simulated, on: &connection)
                for (range, content) in zip(group, contents) { known[Place(route: expectation.route, range: range, mark: mark)] = content }
                budget -= (group.map(\.lastOffset).max() ?? 0) - group[0].firstOffset + 1
            }
        }
        return counted.compactMap { receipt -> ShortReceipt? in
            guard let content = known[Place(route: expectation.route, range: receipt.range, mark: mark)], content.events > receipt.events else {
                return nil
            }
            return ShortReceipt(
                range: receipt.range, events: receipt.events, expected: content.events, start: content.start, end: content.end)
        }
    }

    // MARK: -

    private struct CountedReceipt: Hashable {
        let range: ReceiptRange
        let events: Int64
    }

    /// Ranges of one partition, by their first offsets, in groups of such as touch.
    private static func groups(_ ranges: [ReceiptRange]) -> [[ReceiptRange]] {
        var groups: [[ReceiptRange]] = []
        var end: Int64 = 0
        for range in ranges {
            if let first = groups.last?.first, range.firstOffset <= end, range.lastOffset - first.firstOffset < together {
                groups[groups.count - 1].append(range)
                end = max(end, range.lastOffset + 1)
            } else {
                groups.append([range])
                end = range.lastOffset + 1
            }
        }
        return groups
    }

    /// What the export should have sent of each range of a group.
    private static func read(
        _ group: [ReceiptRange], _ source: LogSource, _ expectation: RouteExpectation, _ simulated: Set<Int32>, on connection: inout Connection
    ) throws(PostgresError) -> [Content] {
        var contents = [Content](repeating: Content(), count: group.count)
        // Events come by offset, so that ranges that lie behind are not looked at again.
        var passed = 0
        var walker = ExpectedEvents(source: source, expectation: expectation)
        let offsets = group[0].firstOffset..<(group.map(\.lastOffset).max() ?? group[0].lastOffset) + 1
        try walker.walk(offsets: offsets, on: &connection) { logged, device, event, _, inForce, verdict in
            guard verdict == .expected, inForce.takesSimulatedDevices || !simulated.contains(device) else { return }
            while passed < group.count, group[passed].lastOffset < logged.offset { passed += 1 }
            var index = passed
            while index < group.count, group[index].firstOffset <= logged.offset {
                if group[index].lastOffset >= logged.offset {
                    contents[index].events += 1
                    contents[index].start = min(contents[index].start, event.eventTime)
                    contents[index].end = max(contents[index].end, event.eventTime)
                }
                index += 1
            }
        }
        return contents
    }
}
