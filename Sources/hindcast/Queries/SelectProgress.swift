import Diagnostics
import Postgres

/// Reads `diagnostics.ingest_progress`: how far each source came.
struct SelectIngestProgress: Statement {
    struct Row: Hashable, Sendable {
        let source: Int32
        let topic: String
        let partition: Int32
        let nextOffset: Int64
        let endOffset: Int64?
        let lag: Int64?
        let lastEventTime: Timestamp?
        let owner: String?
        let isEnded: Bool
        let kind: String
    }

    static let sql = """
        SELECT source_id, topic, partition, next_offset, end_offset, lag, last_event_time, owner, ended_at IS NOT NULL, kind
        FROM diagnostics.ingest_progress ORDER BY source_id
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(
            source: try row.int32(0), topic: try row.string(1), partition: try row.int32(2), nextOffset: try row.int64(3),
            endOffset: try row.int64OrNil(4), lag: try row.int64OrNil(5),
            lastEventTime: try row.timestampOrNil(6).map { Timestamp(microseconds: $0.rawValue) }, owner: try row.stringOrNil(7),
            isEnded: try row.bool(8), kind: try row.string(9))
    }
}

/// Reads `diagnostics.projection_progress`: how far each projection came in each source.
struct SelectProjectionProgress: Statement {
    struct Row: Hashable, Sendable {
        let projection: String
        let generation: Int32
        let source: Int32
        let nextOffset: Int64
        let lag: Int64
        let owner: String?
        let state: String
        let failure: String?
    }

    static let sql = """
        SELECT projection, generation, source_id, next_offset, lag, owner, state, failure
        FROM diagnostics.projection_progress ORDER BY projection, generation, source_id
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(
            projection: try row.string(0), generation: try row.int32(1), source: try row.int32(2), nextOffset: try row.int64(3),
            lag: try row.int64(4), owner: try row.stringOrNil(5), state: try row.string(6), failure: try row.stringOrNil(7))
    }
}

/// Reads `diagnostics.log_holes`.
struct SelectHoles: Statement {
    struct Row: Hashable, Sendable {
        let source: Int32
        let firstOffset: Int64
        let lastOffset: Int64
        let reason: String
        let recordedAt: Timestamp
    }

    static let sql = "SELECT source_id, first_offset, last_offset, reason, recorded_at FROM diagnostics.log_holes ORDER BY source_id, first_offset"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(
            source: try row.int32(0), firstOffset: try row.int64(1), lastOffset: try row.int64(2), reason: try row.string(3),
            recordedAt: Timestamp(microseconds: try row.timestamp(4).rawValue))
    }
}
