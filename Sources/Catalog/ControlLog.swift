import Diagnostics
package import JSON
package import Postgres

/// The numbered, append-only record of what operators and the system decided.
package enum ControlLog {
    /// Appends an event and says its number. To be called inside a transaction: the counter's row stays locked until it ends, which is what makes events
    /// visible in the order of their numbers.
    package static func append(
        _ kind: ControlEvent.Kind, actor: String, body: JSONTree, on connection: inout Connection
    ) throws(PostgresError) -> Int64 {
        guard connection.isInTransaction else {
            throw PostgresError(.misuse, "a control event is appended outside of a transaction", statement: "InsertControlEvent")
        }
        guard let seq = try connection.queryOne(InsertControlEvent(actor: actor, kind: kind, body: body)) else {
            throw PostgresError(.unexpectedValue, "the control counter has no row, expected one", advice: "run `hindcast migrate`")
        }
        return seq
    }

    /// The events after one, in order.
    package static func events(after seq: Int64, on connection: inout Connection) throws(PostgresError) -> [ControlEvent] {
        try connection.query(SelectControlEvents(after: seq))
    }

    /// The number of the last event that is visible; 0 where there is none.
    package static func last(on connection: inout Connection) throws(PostgresError) -> Int64 {
        try connection.queryOne(SelectLastControlEvent()) ?? 0
    }

    /// Makes whoever decides something queue up behind this transaction, before it looks at what was decided so far.
    static func lock(on connection: inout Connection) throws(PostgresError) {
        _ = try connection.queryOne(LockControlCounter())
    }
}

private struct InsertControlEvent: Statement {
    let actor: String
    let kind: ControlEvent.Kind
    let body: JSONTree

    static let sql = """
        WITH counter AS (UPDATE hindcast.control_counter SET seq = seq + 1 RETURNING seq)
        INSERT INTO hindcast.control_event (control_seq, actor, kind, body) SELECT seq, $1, $2, $3 FROM counter
        RETURNING control_seq
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(actor)
        parameters.append(kind.rawValue)
        parameters.append(jsonb: body.canonicalBytes())
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct SelectControlEvents: Statement {
    let after: Int64

    static let sql = "SELECT control_seq, at, actor, kind, body FROM hindcast.control_event WHERE control_seq > $1 ORDER BY control_seq"

    func bind(to parameters: inout Parameters) { parameters.append(after) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> ControlEvent { try ControlEvent(row) }
}

extension ControlEvent {
    /// Number, time, actor, kind and body from the first five columns.
    init(_ row: borrowing RowView) throws(PostgresError) {
        let seq = try row.int64(0)
        guard let kind = Kind(rawValue: try row.string(3)) else {
            throw PostgresError(
                .unexpectedValue, "control event \(seq) is of kind '\(try row.string(3))', which this program does not know", advice: "upgrade it")
        }
        self.init(
            seq: seq, at: Timestamp(microseconds: try row.timestamp(1).rawValue), actor: try row.string(2), kind: kind, body: try row.json(4))
    }
}

private struct SelectLastControlEvent: Statement {
    static let sql = "SELECT control_seq FROM hindcast.control_event ORDER BY control_seq DESC LIMIT 1"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct LockControlCounter: Statement {
    static let sql = "SELECT seq FROM hindcast.control_counter FOR UPDATE"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

extension RowView {
    /// A `jsonb` as a tree.
    func json(_ column: Int) throws(PostgresError) -> JSONTree {
        let text = try string(column)
        do throws(JSONSyntaxError) {
            return try JSONTree.parse(Array(text.utf8))
        } catch {
            throw PostgresError(.unexpectedValue, "column \(column) is not JSON: \(error.reason.rawValue)")
        }
    }
}
