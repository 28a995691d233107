package import Diagnostics
package import Postgres

/// A stretch of a source's offsets that the log will never hold.
package struct LogHole: Equatable, Sendable {
    /// Why.
    package enum Reason: String, Sendable {
        /// The broker had deleted the records before they were read.
        case truncated
        /// The log's own retention dropped them.
        case retention
        /// The broker lost them without saying so.
        case lost
        /// An operator declared it.
        case `operator`
    }

    package let source: Int32
    package let firstOffset: Int64
    package let lastOffset: Int64
    package let reason: Reason
    package let recordedAt: Timestamp

    /// Every hole, by source and offset.
    package static func all(on connection: inout Connection) throws(PostgresError) -> [LogHole] {
        try connection.query(SelectHoles())
    }

    /// Whether a hole says why the log holds nothing at an offset.
    package static func covers(_ offset: Int64, of source: Int32, on connection: inout Connection) throws(PostgresError) -> Bool {
        try connection.queryOne(SelectIsHole(source: source, offset: offset)) ?? false
    }
}

struct InsertHole: Statement {
    let source: Int32
    let firstOffset: Int64
    let lastOffset: Int64
    let reason: LogHole.Reason

    static let sql = "INSERT INTO hindcast.log_hole (source_id, first_offset, last_offset, reason) VALUES ($1, $2, $3, $4)"

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(firstOffset)
        parameters.append(lastOffset)
        parameters.append(reason.rawValue)
    }
}

private struct SelectIsHole: Statement {
    let source: Int32
    let offset: Int64

    static let sql = "SELECT EXISTS (SELECT FROM hindcast.log_hole WHERE source_id = $1 AND first_offset <= $2 AND last_offset >= $2)"

    func bind(to parameters: inout Parameters) {
        parameters.append(source)
        parameters.append(offset)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}

private struct SelectHoles: Statement {
    static let sql = "SELECT source_id, first_offset, last_offset, reason, recorded_at FROM hindcast.log_hole ORDER BY source_id, first_offset"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> LogHole {
        guard let reason = LogHole.Reason(rawValue: try row.string(3)) else {
            throw PostgresError(.unexpectedValue, "a hole of source \(try row.int32(0)) has a reason that this program does not know; upgrade it")
        }
        return LogHole(
            source: try row.int32(0), firstOffset: try row.int64(1), lastOffset: try row.int64(2), reason: reason,
            recordedAt: Timestamp(try row.timestamp(4)))
    }
}
