import Diagnostics
import EventLog
import Postgres

/// When topics that an export itself feeds brought nothing for longer than they usually do: the only trace in the log of what such an export leaves out.
///
/// Batches never change and are only added, so each is read once, and what is remembered is when something came.
struct SourceSilences: Sendable {
    private struct Memory: Sendable {
        var active = ActiveTimes()
        /// Per source, the first offset of a batch that was not seen.
        var next: [Int32: Int64] = [:]
    }

    private var memories: [Set<String>: Memory] = [:]

    /// Nothing read yet.
    init() {}

    /// The silences of some topics together: an export that is well brings something on any of their partitions.
    ///
    /// - Parameters:
    ///   - limit: from how many microseconds on a silence counts; or ten times the usual distance between batches, where that is longer.
    ///   - asOf: until when a silence that lasts is written.
    mutating func of(
        topics: Set<String>, limit: Int64, asOf: Timestamp, on connection: inout Connection
    ) throws(PostgresError) -> [Range<Timestamp>] {
        // What the log has not read yet is no silence. Asked first: what is logged meanwhile is read after it.
        let isBehind = try LogTimes.isBehind(topics: topics, on: &connection)
        var memory = memories[topics] ?? Memory()
        // Taken out, so that it is changed in its place.
        memories[topics] = nil
        for batch in try LogTimes.batches(topics: topics, from: memory.next, on: &connection) {
            memory.active.add(batch.first...max(batch.first, batch.last))
            memory.next[batch.source] = max(memory.next[batch.source] ?? 0, batch.nextOffset)
        }
        let active = memory.active
        memories[topics] = memory
        guard let usual = active.usualPause, let last = active.stretches.last?.upperBound else { return [] }
        let threshold = max(limit, usual * 10)
        var silences = active.pauses.filter { $0.upperBound.microseconds - $0.lowerBound.microseconds > threshold }
        if !isBehind, asOf.microseconds - last.microseconds > threshold { silences.append(last..<asOf) }
        return silences
    }
}
