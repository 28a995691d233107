import Diagnostics
import EventLog
import Postgres

/// Looks for the first event of a route by event time: since when an export that was not there yet leaves something out. Remembers how far it has looked.
struct FirstExpected: Sendable {
    private(set) var time: Timestamp?
    private var looked: [Int32: Int64] = [:]

    /// Looks on, in batches that may hold an earlier event than the one found so far.
    ///
    /// - Parameter end: only events before it count.
    mutating func look(
        _ expectation: RouteExpectation, before end: Timestamp, in sources: [LogReach.Reached], simulated: Set<Int32>,
        on connection: inout Connection
    ) throws(PostgresError) {
        for reached in sources {
            let offsets = (looked[reached.source.sourceID] ?? 0)..<max(looked[reached.source.sourceID] ?? 0, reached.next)
            let batches = try LogTimes.batches(
                source: reached.source.sourceID, offsets: offsets, before: time ?? end, on: &connection)
            var walker = ExpectedEvents(source: reached.source, expectation: expectation)
            for batch in batches {
                let limit = min(time ?? end, end)
                // The batches come by their earliest event.
                if batch.first >= limit { break }
                var found = time
                try walker.walk(to: limit, offsets: batch.offsets, on: &connection) { _, device, event, _, inForce, verdict in
                    guard verdict == .expected, inForce.takesSimulatedDevices || !simulated.contains(device) else { return }
                    found = min(found ?? event.eventTime, event.eventTime)
                }
                time = found
            }
            looked[reached.source.sourceID] = offsets.upperBound
        }
    }
}
