import CLibPQ
import Logging

extension Connection {
    /// Runs a statement and hands its rows over one by one as they arrive, so that a large result never is in memory as a whole.
    ///
    /// When the body throws, the statement is cancelled, and with it the transaction that it is in.
    package mutating func forEach<S: Statement, E: PostgresFailure>(_ statement: S, _ body: (S.Row) throws(E) -> Void) throws(E) {
        try forEachRow(statement) { (row: borrowing RowView) throws(E) in
            let decoded: S.Row
            do throws(PostgresError) {
                decoded = try S.decode(row)
            } catch {
                throw E(error.naming(S.name))
            }
            try body(decoded)
        }
    }

    /// Runs a statement and lends its rows one by one as they arrive, without copying them.
    ///
    /// When the body throws, the statement is cancelled, and with it the transaction that it is in.
    package mutating func forEachRow<S: Statement, E: PostgresFailure>(
        _ statement: S, _ body: (borrowing RowView) throws(E) -> Void
    ) throws(E) {
        do throws(PostgresError) {
            try send(statement)
        } catch {
            throw E(error)
        }
        var fields = RowFields(columnCount: 0)
        while let result = unsafe ResultHandle(PQgetResult(handle)) {
            switch result.status {
            case PGRES_SINGLE_TUPLE:
                fields.start(columnCount: result.columnCount)
                fields.load(0, of: result)
                do throws(E) {
                    try body(fields.view(of: result))
                } catch {
                    abandon()
                    throw error
                }
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK: break
            default:
                let error = failure(result, statement: S.name)
                drain()
                throw E(error)
            }
        }
        if !isUsable { throw E(connectionError(.connectionLost, statement: S.name)) }
    }

    // MARK: -

    private mutating func send<S: Statement>(_ statement: S) throws(PostgresError) {
        bind(statement)
        let sent: CInt
        if settings.namesStatements {
            let name = try prepare(S.self)
            sent = unsafe parameters.withPointers { count, _, values, lengths, formats in
                unsafe PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
            }
        } else {
            let sql = S.sql
            sent = unsafe parameters.withPointers { count, types, values, lengths, formats in
                unsafe PQsendQueryParams(handle, sql, count, types, values, lengths, formats, 1)
            }
        }
        guard sent == 1 else { throw connectionError(isUsable ? .misuse : .connectionLost, statement: S.name) }
        _ = unsafe PQsetSingleRowMode(handle)
    }

    /// Reads what is left of a result and forgets it.
    mutating func drain() {
        while let result = unsafe ResultHandle(PQgetResult(handle)) {
            // A COPY that is still open would give this status for ever.
            if result.status == PGRES_COPY_OUT || result.status == PGRES_COPY_IN || !isUsable { break }
        }
    }

    /// Ends a result that nobody wants any more; cancelling is cheaper than reading a million rows.
    mutating func abandon() {
        do throws(PostgresError) {
            try cancelHandle?.cancel()
        } catch {
            // Then the rows are read after all.
            logger.debug("Failed to cancel an abandoned statement", metadata: [LogKey.error: "\(error)"])
        }
        drain()
    }
}
