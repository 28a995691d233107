import Diagnostics
package import EventLog
package import Postgres

/// The sources of the log, and how far every projection that no template touches has come in each: counts go no further, so that devices are numbered and
/// facts about them folded.
package struct LogReach: Sendable {
    /// A source, and the first offset that is out of reach.
    package struct Reached: Sendable {
        /// The source.
        package let source: LogSource
        /// The first offset that some projection has not passed.
        package let next: Int64
    }

    /// All sources, ended ones too.
    package let sources: [Reached]

    /// Reads both.
    package static func now(on connection: inout Connection) throws(PostgresError) -> LogReach {
        var reached: [Int32: Int64] = [:]
        for (source, next) in try connection.query(SelectReached()) { reached[source] = next }
        return LogReach(sources: try LogSources.all(on: &connection).map { Reached(source: $0, next: reached[$0.sourceID] ?? 0) })
    }

    /// The sources in which a tenant's events may stand and which none of these topics names.
    package func sources(tenant: String, without topics: Set<String>) -> [Reached] {
        sources.filter { ($0.source.settings.tenant.isEmpty || $0.source.settings.tenant == tenant) && !topics.contains($0.source.topic) }
    }

    /// The source that a receipt means: the last life of a partition.
    package func source(topic: String, partition: Int32) -> Reached? {
        sources.last { $0.source.topic == topic && $0.source.partition == partition && $0.source.kind == .kafka }
    }
}

private struct SelectReached: Statement {
    static let sql = "SELECT source_id, min(next_offset) FROM hindcast.projection_checkpoint WHERE generation = 0 GROUP BY source_id"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (Int32, Int64) { (try row.int32(0), try row.int64(1)) }
}
