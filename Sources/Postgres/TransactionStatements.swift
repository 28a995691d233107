/// BEGIN, for a pipeline that opens a transaction together with its first statement.
package struct BeginTransaction: Statement {
    /// READ COMMITTED, whatever the server's default is.
    package static let sql = Isolation.readCommitted.beginSQL

    /// The statement.
    package init() {}
}

/// COMMIT, for a pipeline that ends a transaction together with its last statement.
package struct CommitTransaction: Statement {
    /// The statement's text.
    package static let sql = "COMMIT"

    /// The statement.
    package init() {}
}
