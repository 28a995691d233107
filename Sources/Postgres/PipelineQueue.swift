/// The statements of one round trip, in order, and what became of them.
struct PipelineQueue {
    /// One statement.
    struct Entry {
        var type: ObjectIdentifier
        var name: String
        /// Whether a result for preparing it comes first.
        var isPrepared = false
        var result: Result?

        init<S: Statement>(_: S.Type) {
            type = ObjectIdentifier(S.self)
            name = S.name
        }
    }

    /// Keeps a result in a list, which cannot hold what cannot be copied.
    final class Result {
        let handle: ResultHandle?

        init(_ handle: consuming ResultHandle?) {
            self.handle = handle
        }
    }

    var entries: [Entry] = []
    private var next = 0

    /// Whether the outcome of the whole is unknown when the connection breaks.
    var holdsCommit: Bool { entries.contains { $0.type == ObjectIdentifier(CommitTransaction.self) } }

    mutating func add(_ entry: Entry) {
        entries.append(entry)
    }

    /// Reads the result of the next statement; the order is that of the entries.
    mutating func nextResult<S: Statement>(of _: S.Type) throws(PostgresError) -> StatementResult<S.Row> {
        defer { next += 1 }
        guard let result = entries[next].result else { return StatementResult(rows: [], affected: 0) }
        switch result.handle {
        case nil: return StatementResult(rows: [], affected: 0)
        case .some(let handle):
            if S.self == CommitTransaction.self { try Connection.confirm(handle) }
            return StatementResult(rows: try Connection.rows(of: S.self, in: handle), affected: handle.affectedRows)
        }
    }
}
