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
            let batches = try connection.query(SelectEarlyBatches(source: reached.source.sourceID, offsets: offsets, before: time ?? end))
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

private struct SelectEarlyBatches: Statement {
    let source: Int32
    let offsets: Range<Int64>
    let before: Timestamp

    static let sql = """
        SELECT b.min_event_time, greatest(b.first_offset, $2), least(b.last_offset + 1, $3) FROM hindcast.ingest_batch b
        WHERE b.source_id = $1 AND b.first_offset < $3 AND b.last_offset >= $2 AND b.min_event_time < $4 ORDER BY b.min_event_time
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(offsets.lowerBound)
        parameters.append(offsets.upperBound)
        parameters.append(PostgresTimestamp(before))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (first: Timestamp, offsets: Range<Int64>) {
        (Timestamp(try row.timestamp(0)), try row.int64(1)..<(try row.int64(2)))
    }
}
