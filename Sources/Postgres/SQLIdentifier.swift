/// The name of a table, column, role or channel, checked and quoted: the only way a name gets into SQL text.
package struct SQLIdentifier: Hashable, Sendable {
    /// How many bytes of UTF-8 the server keeps of a name (NAMEDATALEN - 1); it would cut a longer one silently.
    package static let byteLimit = 63

    /// The name without quotes.
    package let name: String

    /// Checks a name that comes from elsewhere.
    ///
    /// - Throws: ``PostgresError/Code/invalidIdentifier`` for an empty name, one of more than 63 bytes, or one with a NUL in it.
    package init(checking name: String) throws(PostgresError) {
        if let reason = Self.objection(to: name) {
            throw PostgresError(.invalidIdentifier, "'\(name.prefix(Self.byteLimit))' cannot be an SQL name: \(reason)")
        }
        self.name = name
    }

    /// The name in double quotes, as SQL text.
    package var quoted: String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func objection(to name: String) -> String? {
        if name.isEmpty { return "it is empty" }
        if name.utf8.count > byteLimit { return "it has \(name.utf8.count) bytes, the server takes at most \(byteLimit)" }
        if name.utf8.contains(0) { return "it holds a NUL" }
        return nil
    }
}

extension SQLIdentifier: ExpressibleByStringLiteral {
    /// A name written in the program; an impossible one ends the process.
    package init(stringLiteral name: StaticString) {
        let name = name.description
        if let reason = Self.objection(to: name) { preconditionFailure("Cannot use '\(name)' as an SQL name: \(reason)") }
        self.name = name
    }
}

extension SQLIdentifier: CustomStringConvertible {
    /// The name without quotes.
    package var description: String { name }
}
