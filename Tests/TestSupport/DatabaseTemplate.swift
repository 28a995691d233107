package import Logging
import Migrations
package import Postgres

/// A migrated database that tests' databases are copied from, which takes a tenth of a second where migrating takes seconds.
///
/// Its name is a digest of the migrations, so that it serves until one of them changes, whichever process made it.
package struct DatabaseTemplate: Sendable {
    /// What makes it.
    package let migrations: [Migration]
    private let placeholders: [String: SQLIdentifier]

    /// The migrations of this program, with its usual roles.
    package static var current: DatabaseTemplate {
        DatabaseTemplate(
            migrations: Migrations.all.map { Migration(version: $0.version, name: $0.name, sql: $0.sql) },
            placeholders: [
                "role_owner": "hindcast_owner", "role_ingest": "hindcast_ingest", "role_project": "hindcast_project", "role_admin": "hindcast_admin",
                "role_dashboard": "hindcast_dashboard", "role_payload": "hindcast_payload",
            ])
    }

    /// Migrations of a test's own.
    package init(migrations: [Migration], placeholders: [String: SQLIdentifier] = [:]) {
        self.migrations = migrations
        self.placeholders = placeholders
    }

    /// What applies it.
    package func migrator(logger: Logger) throws(PostgresError) -> Migrator {
        try Migrator(migrations, placeholders: placeholders, logger: logger)
    }

    /// The name of the database, made if it is not there.
    func name(on server: DatabaseServer) async throws -> SQLIdentifier {
        let identity = migrations.map { "\($0.version) \($0.name) \($0.sha256)" }.joined(separator: "\n")
        let digest = "\(Migration(version: 1, name: "", sql: identity).sha256)".prefix(16)
        let name = try SQLIdentifier(checking: "hindcast_template_\(digest)")
        let settings = server.settings
        try await server.administration.withConnection { (connection: inout Connection) throws(PostgresError) in
            if try connection.queryOne(FindDatabase(name: name.name)) != nil { return }
            // The first test makes it, the others wait; a template is complete as soon as it has its name.
            try connection.execute(LockTemplates())
            defer { _ = try? connection.execute(UnlockTemplates()) }
            if try connection.queryOne(FindDatabase(name: name.name)) != nil { return }
            let unfinished = try SQLIdentifier(checking: "\(name.name)_unfinished")
            try connection.execute(script: "DROP DATABASE IF EXISTS \(unfinished.quoted) WITH (FORCE)")
            try connection.execute(script: "CREATE DATABASE \(unfinished.quoted) TEMPLATE template0")
            try migrate(settings.with(database: unfinished.name))
            try connection.execute(script: "ALTER DATABASE \(unfinished.quoted) RENAME TO \(name.quoted)")
        }
        return name
    }

    private func migrate(_ settings: PostgresSettings) throws(PostgresError) {
        let logger = Logger(label: "hindcast.test")
        var connection = try Connection(settings, logger: logger)
        try migrator(logger: logger).migrate(&connection)
        connection.close()
    }
}

private struct FindDatabase: Statement {
    static let sql = "SELECT datname FROM pg_database WHERE datname = $1"
    var name: String

    func bind(to parameters: inout Parameters) {
        parameters.append(name)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String {
        try row.string(0)
    }
}

private struct LockTemplates: Statement {
    static let sql = "SELECT 1 FROM (SELECT pg_advisory_lock(7105876)) AS held"
}

private struct UnlockTemplates: Statement {
    static let sql = "SELECT 1 FROM (SELECT pg_advisory_unlock(7105876)) AS freed"
}
