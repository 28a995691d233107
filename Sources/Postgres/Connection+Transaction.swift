import CLibPQ
import Logging

extension Connection {
    /// Whether a transaction block is open, sound or failed.
    package var isInTransaction: Bool {
        switch unsafe PQtransactionStatus(handle) {
        case PQTRANS_INTRANS, PQTRANS_INERROR: true
        default: false
        }
    }

    /// Runs the body in a transaction: commits when it returns, rolls back when it throws.
    ///
    /// - Throws: what the body throws; ``PostgresError/Code/commitUnknown`` when the connection broke during COMMIT.
    package mutating func withTransaction<T, E: PostgresFailure>(
        isolation: Isolation = .readCommitted, _ body: (inout Connection) throws(E) -> T
    ) throws(E) -> T {
        do throws(PostgresError) {
            try begin(isolation)
        } catch {
            throw E(error)
        }
        let value: T
        do throws(E) {
            value = try body(&self)
        } catch {
            rollback()
            throw error
        }
        do throws(PostgresError) {
            try commit()
        } catch {
            throw E(error)
        }
        return value
    }

    /// Opens a transaction block.
    ///
    /// - Throws: ``PostgresError/Code/misuse`` when one is open.
    package mutating func begin(_ isolation: Isolation = .readCommitted) throws(PostgresError) {
        if isInTransaction { throw PostgresError(.misuse, "a transaction is open already", statement: "BEGIN") }
        try execute(script: isolation.beginSQL, name: "BEGIN")
    }

    /// Commits.
    ///
    /// - Throws: ``PostgresError/Code/commitUnknown`` when the connection broke before the server's answer came,
    ///   ``PostgresError/Code/transactionAborted`` when the server rolled back instead.
    package mutating func commit() throws(PostgresError) {
        let result: ResultHandle
        do throws(PostgresError) {
            result = try unsafe checked(PQexec(handle, "COMMIT"), statement: "COMMIT")
        } catch {
            throw settled(error)
        }
        try Self.confirm(result)
    }

    /// Rolls back. Never fails: where the connection is gone, the server has rolled back already.
    package mutating func rollback() {
        guard isInTransaction else { return }
        do throws(PostgresError) {
            try execute(script: "ROLLBACK", name: "ROLLBACK")
        } catch {
            logger.debug("Failed to roll back", metadata: [LogKey.error: "\(error)"])
        }
    }

    // MARK: -

    /// An error of COMMIT, as one that says whether the outcome is known. A session that an administrator ends may have committed just before.
    func settled(_ error: PostgresError) -> PostgresError {
        guard error.isConnectionLost || !isUsable, unsafe handle != nil else { return error }
        var unknown = error
        unknown.code = .commitUnknown
        unknown.message = "the connection broke during COMMIT, so the transaction may have been committed or not (\(error.message))"
        unknown.advice = "reconnect and read back what the transaction would have written"
        return unknown
    }

    /// The server answers COMMIT of a failed transaction with ROLLBACK and calls that a success.
    static func confirm(_ result: borrowing ResultHandle) throws(PostgresError) {
        if result.commandTag == "ROLLBACK" {
            throw PostgresError(.transactionAborted, "the server rolled back, since a statement of the transaction had failed", statement: "COMMIT")
        }
    }
}
