package import Hashing

/// One numbered change of the database. Once released its text never changes again.
package struct Migration: Hashable, Sendable {
    /// Its place in the order, from 1.
    package let version: Int
    /// What it is about, as in the file's name.
    package let name: String
    /// The statements. `{{name}}` stands for a placeholder as a quoted identifier, `{{name:literal}}` for it as a string literal.
    package let sql: String

    /// A change with its text.
    package init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }

    /// The SHA-256 of the text before placeholders are replaced, so that it is the same in every installation.
    package var sha256: SHA256Digest { SHA256.hash(sql) }

    /// How messages call it.
    package var label: String { "\(version) '\(name)'" }
}
