/// What is copied out: a query that the program contains, with values put into its text, since COPY takes no bind values.
package struct CopyOut: Sendable {
    /// A value for a placeholder of the query.
    package enum Argument: Sendable {
        /// An integer of any width.
        case integer(Int64)
        /// An instant.
        case timestamp(PostgresTimestamp)
        /// A text, quoted so that it stays one. A NUL cannot be sent.
        case text(String)
        /// Bytes, as a `bytea` literal.
        case bytes([UInt8])
        /// Integers, as one array.
        case integers([Int32])

        var literal: String {
            switch self {
            case .integer(let value): return value < 0 ? "(\(value)::int8)" : "\(value)::int8"
            case .timestamp(let value):
                // From the server's own epoch in whole microseconds, so that nothing is rounded.
                return "('2000-01-01T00:00:00Z'::timestamptz + \(value.serverValue) * interval '1 microsecond')"
            case .text(let value): return Self.quote(value)
            case .integers(let values): return "'{" + values.map(String.init).joined(separator: ",") + "}'::int4[]"
            case .bytes(let value): return "'\\x" + value.map(Self.hex).joined() + "'::bytea"
            }
        }

        private static func quote(_ text: String) -> String {
            let quoted = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            return "'" + quoted + "'::text"
        }

        private static func hex(_ byte: UInt8) -> String {
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }

    /// The statement, `COPY (…) TO STDOUT (FORMAT binary)`.
    package let sql: String

    /// A copy of what a query returns.
    ///
    /// - Parameters:
    ///   - query: the query, with `$1` to `$9` for the arguments, also several times.
    ///   - arguments: the first stands for `$1`.
    package init(query: StaticString, _ arguments: [Argument] = []) {
        precondition(arguments.count <= 9, "Cannot put \(arguments.count) arguments into a COPY, only 9")
        var text = ""
        var isPlaceholder = false
        for character in query.description {
            if isPlaceholder, let number = character.wholeNumberValue {
                precondition(number >= 1 && number <= arguments.count, "Cannot find an argument for $\(number)")
                text += arguments[number - 1].literal
                isPlaceholder = false
            } else {
                precondition(!isPlaceholder, "Cannot read a $ without a number in a COPY's query")
                if character == "$" { isPlaceholder = true } else { text.append(character) }
            }
        }
        sql = "COPY (\(text)) TO STDOUT (FORMAT binary)"
    }
}
