/// The getters of columns that cannot be NULL. Each throws ``PostgresError/Code/unexpectedValue`` for NULL and for another type.
extension RowView {
    /// An `int2`, `int4`, `int8` or `oid`.
    package func int64(_ column: Int) throws(PostgresError) -> Int64 {
        guard let value = try int64OrNil(column) else { throw nullError(column, expected: "int8") }
        return value
    }

    /// An `int2` or `int4`.
    package func int32(_ column: Int) throws(PostgresError) -> Int32 {
        guard let value = try int32OrNil(column) else { throw nullError(column, expected: "int4") }
        return value
    }

    /// An `int2`.
    package func int16(_ column: Int) throws(PostgresError) -> Int16 {
        guard let value = try int16OrNil(column) else { throw nullError(column, expected: "int2") }
        return value
    }

    /// A `bool`.
    package func bool(_ column: Int) throws(PostgresError) -> Bool {
        guard let value = try boolOrNil(column) else { throw nullError(column, expected: "bool") }
        return value
    }

    /// A `float8` or `float4`.
    package func double(_ column: Int) throws(PostgresError) -> Double {
        guard let value = try doubleOrNil(column) else { throw nullError(column, expected: "float8") }
        return value
    }

    /// A `timestamptz`.
    package func timestamp(_ column: Int) throws(PostgresError) -> PostgresTimestamp {
        guard let value = try timestampOrNil(column) else { throw nullError(column, expected: "timestamptz") }
        return value
    }

    /// A `date` in days since 1970-01-01.
    package func date(_ column: Int) throws(PostgresError) -> Int32 {
        guard let value = try dateOrNil(column) else { throw nullError(column, expected: "date") }
        return value
    }

    /// Any type whose value is text: `text`, `varchar`, `name`, `json`, `jsonb`, an enum.
    package func string(_ column: Int) throws(PostgresError) -> String {
        guard let value = try stringOrNil(column) else { throw nullError(column, expected: "text") }
        return value
    }

    /// A `bytea`, copied.
    package func byteArray(_ column: Int) throws(PostgresError) -> [UInt8] {
        guard let value = try byteArrayOrNil(column) else { throw nullError(column, expected: "bytea") }
        return value
    }

    /// The UTF-8 bytes of any type whose value is text, `json` and `jsonb` among them, in place.
    @_lifetime(borrow self)
    package func text(_ column: Int) throws(PostgresError) -> RawSpan {
        guard let value = try textOrNil(column) else { throw nullError(column, expected: "text") }
        return value
    }

    /// An array without NULL elements.
    package func array<Element: PostgresElement>(_ column: Int, of type: Element.Type) throws(PostgresError) -> [Element] {
        guard let value = try arrayOrNil(column, of: type) else { throw nullError(column, expected: Element.arrayType.description) }
        return value
    }
}
