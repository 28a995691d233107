/// A migration's text with its placeholders replaced.
struct MigrationScript: Hashable, Sendable {
    var migration: Migration
    var sql: String

    /// - Throws: ``PostgresError/Code/invalidMigration`` for a placeholder that has no value or no end.
    init(_ migration: Migration, placeholders: [String: SQLIdentifier]) throws(PostgresError) {
        self.migration = migration
        sql = ""
        var rest = migration.sql[...]
        while let opening = rest.firstRange(of: "{{") {
            sql += rest[..<opening.lowerBound]
            rest = rest[opening.upperBound...]
            guard let closing = rest.firstRange(of: "}}") else {
                throw PostgresError(.invalidMigration, "migration \(migration.label) opens a placeholder with {{ and never closes it")
            }
            let parts = rest[..<closing.lowerBound].split(separator: ":", maxSplits: 1)
            guard let name = parts.first, let value = placeholders[String(name)], parts.count == 1 || parts[1] == "literal" else {
                let known = placeholders.keys.sorted().joined(separator: ", ")
                throw PostgresError(
                    .invalidMigration,
                    "migration \(migration.label) uses the placeholder '\(rest[..<closing.lowerBound])', which has no value; known are: \(known)")
            }
            sql +=
                parts.count == 1
                ? value.quoted : "'" + value.name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
            rest = rest[closing.upperBound...]
        }
        sql += rest
    }

    /// An error of the server with the migration and the line in it.
    func failure(_ error: PostgresError) -> PostgresError {
        var failure = error
        let line = error.position.map { ", line \(sql.prefix($0 - 1).count(where: \.isNewline) + 1)" } ?? ""
        failure.message = "migration \(migration.label)\(line): \(error.message)"
        if !error.isConnectionLost { failure.code = .migrationFailed }
        failure.advice = error.advice ?? "nothing of this migration was kept; correct the cause and migrate again"
        return failure
    }
}
