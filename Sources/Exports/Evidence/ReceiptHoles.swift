import Diagnostics
import EventLog
import Postgres

/// What the log has at offsets that receipts leave out. What lies below the checkpoints never changes, so it is read once.
struct ReceiptHoles: Sendable {
    private struct Place: Hashable {
        let route: ExportRoute
        let range: ReceiptRange
        let mark: String
    }

    private var known: [Place: ReceiptHole] = [:]

    /// Has what is known of some routes looked up anew.
    mutating func forget(_ routes: Set<ExportRoute>) { known = known.filter { !routes.contains($0.key.route) } }

    /// The holes of a route that lie within reach and hold expected events.
    mutating func holes(
        of expectation: RouteExpectation, changes: [ExportChange], reach: LogReach, boundTopics: Set<String>, simulated: Set<Int32>,
        on connection: inout Connection
    ) throws(PostgresError) -> [ReceiptHole] {
        let mark = expectation.mark(in: .earliest..<(.endOfTime))
        var holes: [ReceiptHole] = []
        for range in ReceiptCover(changes).holes where !boundTopics.contains(range.topic) {
            let place = Place(route: expectation.route, range: range, mark: mark)
            if known[place] == nil {
                guard let reached = reach.source(topic: range.topic, partition: range.partition), reached.next > range.lastOffset else { continue }
                known[place] = try Self.read(range, reached.source, expectation, simulated, on: &connection)
            }
            if let hole = known[place], !hole.runs.isEmpty { holes.append(hole) }
        }
        return holes
    }

    private static func read(
        _ range: ReceiptRange, _ source: LogSource, _ expectation: RouteExpectation, _ simulated: Set<Int32>, on connection: inout Connection
    ) throws(PostgresError) -> ReceiptHole {
        var walker = ExpectedEvents(source: source, expectation: expectation)
        var runs: [Bool: MissingRun] = [:]
        try walker.walk(offsets: range.firstOffset..<range.lastOffset + 1, on: &connection) { _, device, event, _, inForce, verdict in
            guard verdict == .expected || verdict == .malformed, inForce.takesSimulatedDevices || !simulated.contains(device) else { return }
            let isMalformed = verdict == .malformed
            var run = runs[isMalformed] ?? MissingRun(start: event.eventTime, end: event.eventTime, events: 0, isMalformed: isMalformed)
            run.start = min(run.start, event.eventTime)
            run.end = max(run.end, event.eventTime)
            run.events += 1
            runs[isMalformed] = run
        }
        return ReceiptHole(range: range, runs: runs.values.sorted { $0.start < $1.start })
    }
}
