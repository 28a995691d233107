package import Postgres

/// Why records could not be appended.
package struct AppendError: PostgresFailure, CustomStringConvertible {
    /// What happened. Open: later versions may know more.
    package struct Code: Hashable, Sendable {
        let name: String

        /// Another writer owns the source, or moved its cursor. Give the source up until it is assigned again.
        package static let fenced = Code(name: "fenced")
        /// The log holds an event of this source and offset already: a bug, or an offset that the broker used twice. Stop for safety.
        package static let offsetReused = Code(name: "offset-reused")
        /// The connection broke during COMMIT. Reconnect, read the cursor, decide.
        package static let commitUnknown = Code(name: "commit-unknown")
        /// The database refused or is away; see `cause`.
        package static let postgres = Code(name: "postgres")
    }

    package let code: Code
    /// What, where, expected and actual, in a sentence.
    package let description: String
    /// The database's own error, where there was one.
    package let cause: PostgresError?

    /// Takes what happened in words.
    package init(_ code: Code, _ description: String, cause: PostgresError? = nil) {
        self.code = code
        self.description = description
        self.cause = cause
    }

    package init(_ error: PostgresError) {
        let code: Code
        if error.code == .commitUnknown {
            code = .commitUnknown
        } else if error.sqlState == .uniqueViolation, error.table?.hasPrefix("event_") == true || error.table == "ingest_batch" {
            code = .offsetReused
        } else {
            code = .postgres
        }
        self.init(code, "\(error)", cause: error)
    }

    /// Whether trying again later may succeed without anybody doing anything.
    package var isRetriable: Bool { code == .postgres && (cause?.isRetriable ?? false || cause?.isConnectionLost ?? false) }
}
