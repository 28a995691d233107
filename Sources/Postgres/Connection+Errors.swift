import CLibPQ

extension Connection {
    /// What libpq says about the connection itself. Its messages name hosts and users, never passwords.
    func connectionError(_ code: PostgresError.Code, statement: String?) -> PostgresError {
        guard let handle = unsafe handle else {
            return PostgresError(.connectionLost, "the connection is closed", statement: statement, advice: "reconnect")
        }
        let said = unsafe PQerrorMessage(handle).map { unsafe String(cString: $0).firstLine } ?? ""
        var error = PostgresError(code, said.isEmpty ? "the server is gone" : said, statement: statement)
        if code == .connectionLost { error.advice = PostgresError.adviceOnLoss }
        if code == .connectionFailed {
            error.advice = "check that the server runs and that the connection string is right (\(settings))"
            error.sqlState = Self.refusal(in: said)
            if let sqlState = error.sqlState, let advice = sqlState.advice { error.advice = advice }
        }
        return error
    }

    /// Takes a result over and checks that it is not an error.
    mutating func checked(_ result: OpaquePointer?, statement: String?) throws(PostgresError) -> ResultHandle {
        guard let result = unsafe ResultHandle(result) else { throw connectionError(.connectionLost, statement: statement) }
        if result.isFailure { throw failure(result, statement: statement) }
        return result
    }

    /// The error in a result; forgets prepared statements that it says are stale.
    mutating func failure(_ result: borrowing ResultHandle, statement: String?) -> PostgresError {
        let isLost = !isUsable || !result.isOfServer && !isStillThere
        let error = result.error(statement: statement, isConnectionLost: isLost)
        if error.sqlState == .invalidStatementName || error.isRetriable && error.sqlState == .featureNotSupported { prepared = [:] }
        return error
    }

    /// libpq hands over no SQLSTATE for a refused connection, only the server's sentence in its own language, so the sure cases are told by
    /// whether a password was asked for.
    private static func refusal(in message: String) -> SQLState? {
        if message.contains("password authentication failed") { return .invalidPassword }
        if message.contains("no pg_hba.conf entry") || message.contains("role \"") && message.contains("does not exist") {
            return .invalidAuthorization
        }
        if message.contains("database \"") && message.contains("does not exist") { return .invalidCatalogName }
        if message.contains("too many clients") || message.contains("remaining connection slots") { return .tooManyConnections }
        if message.contains("starting up") || message.contains("shutting down") || message.contains("in recovery mode") { return .cannotConnectNow }
        return nil
    }
}
