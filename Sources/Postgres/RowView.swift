import CLibPQ

/// One row while it is still in the buffer that it arrived in.
///
/// Getters check the type that the server declared and name the column when it is not the one asked for. Columns count from 0. A row from a COPY
/// declares no types, so only lengths are checked there.
///
/// - Important: a view is borrowed; it cannot leave the closure or function that it was handed to, and its spans cannot outlive it.
@safe @usableFromInline package struct RowView: ~Copyable {
    /// Where a field's bytes are. A length of -1 is NULL.
    @safe @usableFromInline struct Field {
        var start: UnsafeRawPointer
        var length: Int32
    }

    private let fields: UnsafePointer<Field>
    /// Names and types of the columns; none in a COPY.
    private let result: OpaquePointer?

    /// How many columns the row has.
    package let columnCount: Int

    @usableFromInline
    init(fields: UnsafePointer<Field>, columnCount: Int, result: OpaquePointer?) {
        unsafe self.fields = unsafe fields
        unsafe self.result = unsafe result
        self.columnCount = columnCount
    }

    /// Whether the column is NULL.
    package func isNull(_ column: Int) -> Bool {
        field(column).length < 0
    }

    /// A column's bytes as they came, of whatever type; `nil` for NULL.
    @_lifetime(borrow self)
    package func bytesOrNil(_ column: Int) -> RawSpan? {
        let field = field(column)
        guard field.length >= 0 else { return nil }
        let span = unsafe RawSpan(_unsafeStart: field.start, byteCount: Int(field.length))
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// A column's bytes as they came, of whatever type.
    ///
    /// - Throws: ``PostgresError/Code/unexpectedValue`` for NULL.
    @_lifetime(borrow self)
    package func bytes(_ column: Int) throws(PostgresError) -> RawSpan {
        guard let span = bytesOrNil(column) else { throw nullError(column, expected: "bytes") }
        return span
    }

    // MARK: -

    private func field(_ column: Int) -> Field {
        precondition(column >= 0 && column < columnCount, "Cannot read column \(column) of a row that has \(columnCount)")
        return unsafe fields[column]
    }

    /// The column's declared type; unknown in a COPY.
    func type(_ column: Int) -> PostgresType {
        guard let result = unsafe result else { return .unknown }
        return unsafe PostgresType(rawValue: PQftype(result, CInt(column)))
    }

    func nullError(_ column: Int, expected: String) -> PostgresError {
        PostgresError(.unexpectedValue, "\(label(column)) is NULL, expected \(expected)")
    }

    func typeError(_ column: Int, expected: String) -> PostgresError {
        PostgresError(.unexpectedValue, "\(label(column)) has \(type(column)), expected \(expected)")
    }

    func lengthError(_ column: Int, expected: String) -> PostgresError {
        PostgresError(.unexpectedValue, "\(label(column)) has \(field(column).length) bytes that are not \(expected)")
    }

    private func label(_ column: Int) -> String {
        guard let result = unsafe result, let name = unsafe PQfname(result, CInt(column)) else { return "column \(column)" }
        return "column \(column) '\(unsafe String(cString: name))'"
    }
}
