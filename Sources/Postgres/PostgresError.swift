/// What went wrong between this program and the server.
///
/// ``description`` is safe to log and to show: it holds no bind value, no row and no password. `String(reflecting:)` is complete, for a developer.
package struct PostgresError: Error, Hashable, Sendable {
    /// What kind of failure it is.
    package var code: Code
    /// One sentence: what happened, where, expected and actual.
    package var message: String
    /// The server's condition, when the failure comes from the server.
    package var sqlState: SQLState?
    /// The violated constraint, when there is one.
    package var constraint: String?
    /// The schema of the table concerned, when the server names it.
    package var schema: String?
    /// The table concerned, when the server names it.
    package var table: String?
    /// The column concerned, when the server names it.
    package var column: String?
    /// The server's details. They may quote values, so ``description`` leaves them out.
    package var detail: String?
    /// The server's advice.
    package var hint: String?
    /// Where in a procedure or a COPY it happened. It may quote values, so ``description`` leaves it out.
    package var context: String?
    /// Where in the SQL text the error is, in characters from 1.
    package var position: Int?
    /// The name of the statement type, or what else was going on.
    package var statement: String?
    /// What the operator can do.
    package var advice: String?

    /// An error that this module found itself.
    package init(_ code: Code, _ message: String, statement: String? = nil, advice: String? = nil) {
        self.code = code
        self.message = message
        self.statement = statement
        self.advice = advice
    }
}

extension PostgresError: PostgresFailure {
    /// The error itself.
    package init(_ error: PostgresError) {
        self = error
    }
}

extension PostgresError {
    /// The kinds of failure. Open: compare with the constants, and expect more of them.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) {
            self.name = name
        }

        /// The kind's name, for logs and metric labels.
        package var description: String { name }

        /// The server refused a statement; ``PostgresError/sqlState`` says why.
        package static let server = Code("server")
        /// The settings are not a valid connection string.
        package static let invalidSettings = Code("invalid-settings")
        /// No connection could be made.
        package static let connectionFailed = Code("connection-failed")
        /// The connection broke or was closed. What was not committed is rolled back.
        package static let connectionLost = Code("connection-lost")
        /// The connection broke while a COMMIT was under way: the transaction may have been committed or not. Read back what it would have written.
        package static let commitUnknown = Code("commit-unknown")
        /// COMMIT ended in a roll back, since a statement before it had failed.
        package static let transactionAborted = Code("transaction-aborted")
        /// A column holds another type, or NULL, than the program reads.
        package static let unexpectedValue = Code("unexpected-value")
        /// A statement that returns at most one row returned more.
        package static let tooManyRows = Code("too-many-rows")
        /// The program used the connection wrongly.
        package static let misuse = Code("misuse")
        /// The server said something that this program does not understand.
        package static let protocolViolation = Code("protocol-violation")
        /// A name cannot be an SQL identifier.
        package static let invalidIdentifier = Code("invalid-identifier")
        /// The wait was ended by its task's cancellation.
        package static let cancelled = Code("cancelled")
        /// The pool was closed.
        package static let poolClosed = Code("pool-closed")
        /// The database holds a migration that this program does not know.
        package static let databaseNewer = Code("database-newer")
        /// A migration that was applied is not the one in this program.
        package static let migrationChanged = Code("migration-changed")
        /// A migration failed; nothing of it was kept.
        package static let migrationFailed = Code("migration-failed")
        /// A migration's text or place in the list is wrong.
        package static let invalidMigration = Code("invalid-migration")
    }
}
