/// Where rows are copied to: a table and its columns, in the order in which they are sent.
package struct CopyIn: Hashable, Sendable {
    /// The statement, `COPY … FROM STDIN (FORMAT binary)`.
    package let sql: String
    /// What errors call the copy.
    let name: String

    /// A copy into columns of a table.
    ///
    /// - Parameter schema: the table's schema; the search path decides where `nil`.
    package init(schema: SQLIdentifier? = nil, table: SQLIdentifier, columns: [SQLIdentifier]) {
        let target = (schema.map { $0.quoted + "." } ?? "") + table.quoted
        let list = columns.map(\.quoted).joined(separator: ", ")
        sql = "COPY \(target) (\(list)) FROM STDIN (FORMAT binary)"
        name = "COPY \(table.name)"
    }

    /// A copy by a statement that the program contains as a whole. It must ask for `FROM STDIN` and the binary format.
    package init(sql: StaticString) {
        self.sql = sql.description
        name = "COPY"
    }
}
