import EventLog
import Postgres
import Projections

extension ReplayWorker {
    /// Folds the beginning of the first chunk and keeps nothing: how many events a second one worker takes in here.
    ///
    /// - Returns: nil where there is nothing to fold.
    package mutating func sample(events limit: Int64 = 2000) throws(ReplayError) -> Double? {
        let current = try ReplayRuns.show(run, on: &connection)
        let run = run
        let chunk = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try connection.queryOne(SelectFirstChunk(run: run))
        }
        guard let chunk else { return nil }
        try loadContexts(chunk.source, of: current)
        guard let source = sources[chunk.source], var contexts = contexts.removeValue(forKey: chunk.source) else { return nil }
        let range = chunk.range.lowerBound..<min(chunk.range.upperBound, chunk.range.lowerBound + limit)
        let begun = ContinuousClock.now
        let count: Int
        do throws(PostgresError) {
            count = try fold.fold(source, range: range, devices: devices ?? nil, by: &contexts, on: &connection)
        } catch {
            throw ReplayError(error)
        }
        self.contexts[chunk.source] = contexts
        let seconds = (ContinuousClock.now - begun).seconds
        return count > 0 && seconds > 0 ? Double(count) / seconds : nil
    }
}

private struct SelectFirstChunk: Statement {
    let run: Int32

    static let sql = "SELECT source_id, from_offset, to_offset FROM hindcast.replay_chunk WHERE run_id = $1 ORDER BY chunk LIMIT 1"

    func bind(to parameters: inout Parameters) { parameters.append(run) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (source: Int32, range: Range<Int64>) {
        (try row.int32(0), try row.int64(1)..<(try row.int64(2)))
    }
}
