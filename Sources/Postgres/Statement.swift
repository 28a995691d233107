/// One SQL statement: its text, its bind values and how a row of its result is read, in one place.
///
/// A type is one statement. It is prepared once per connection, at its first use, and its values and rows travel in binary.
///
/// - Important: `bind` must append values of the same types in the same order every time, also where a value is NULL.
package protocol Statement: Sendable {
    /// What a row becomes; `Void` for statements without rows.
    associatedtype Row = Void

    /// The text, with `$1`, `$2`, … for the values.
    static var sql: String { get }

    /// Appends the bind values in the order of their numbers.
    func bind(to parameters: inout Parameters)

    /// Reads one row.
    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row
}

extension Statement {
    /// Binds nothing: the default of statements without values.
    package func bind(to parameters: inout Parameters) {}

    static var name: String { String(describing: Self.self) }
}

extension Statement where Row == Void {
    /// Reads nothing: the default of statements without rows.
    package static func decode(_ row: borrowing RowView) throws(PostgresError) {}
}

/// What a statement gave.
package struct StatementResult<Row> {
    /// The rows it returned.
    package var rows: [Row]
    /// How many rows it inserted, changed, deleted or returned.
    package var affected: Int
}

extension StatementResult: Sendable where Row: Sendable {}
