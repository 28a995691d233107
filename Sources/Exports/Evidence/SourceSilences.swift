import Diagnostics
import EventLog
import Postgres

/// When topics that an export itself feeds brought nothing for longer than they usually do: the only trace in the log of what such an export leaves out.
enum SourceSilences {
    /// The silences of some topics together: an export that is well brings something on any of their partitions.
    ///
    /// - Parameters:
    ///   - limit: from how many microseconds on a silence counts; or ten times the usual distance between batches, where that is longer.
    ///   - asOf: until when a silence that lasts is written.
    static func of(topics: Set<String>, limit: Int64, asOf: Timestamp, on connection: inout Connection) throws(PostgresError) -> [Range<Timestamp>] {
        let batches = try LogTimes.spans(topics: topics, on: &connection)
        guard let first = batches.first, batches.count > 1 else { return [] }
        var last = first.last
        var distances: Int64 = 0
        var quiet: [(from: Timestamp, to: Timestamp)] = []
        for batch in batches.dropFirst() {
            if batch.first > last {
                distances += batch.first.microseconds - last.microseconds
                if batch.first.microseconds - last.microseconds > limit { quiet.append((last, batch.first)) }
            }
            last = max(last, batch.last)
        }
        let usual = distances / Int64(batches.count - 1)
        let threshold = max(limit, usual * 10)
        var silences = quiet.filter { $0.to.microseconds - $0.from.microseconds > threshold }.map { $0.from..<$0.to }
        // What the log has not read yet is no silence.
        let isBehind = try LogTimes.isBehind(topics: topics, on: &connection)
        if !isBehind, asOf.microseconds - last.microseconds > threshold { silences.append(last..<asOf) }
        return silences
    }
}
