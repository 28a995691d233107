/// An error type that can say that the database failed.
///
/// Scopes such as a transaction run a closure that throws its caller's own error and must throw errors of the database as well; requiring this keeps
/// both in one type.
package protocol PostgresFailure: Error {
    /// Wraps an error of the database.
    init(_ error: PostgresError)
}
