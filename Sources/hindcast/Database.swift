import Logging
import Migrations
import Postgres

/// Opens connections for commands: as the command's own role, on a database that is what this program expects.
struct Database: Sendable {
    let area: PostgresArea
    let logger: Logger

    /// The migrations of this program.
    func migrator() throws(PostgresError) -> Migrator {
        var placeholders: [String: SQLIdentifier] = [:]
        for role in PostgresArea.Role.allCases { placeholders["role_\(role.rawValue)"] = try role.identifier(prefix: area.rolePrefix) }
        let migrations = Migrations.all.map { Migration(version: $0.version, name: $0.name, sql: $0.sql) }
        return try Migrator(migrations, placeholders: placeholders, logger: logger)
    }

    /// Connects as the login user.
    func connect() throws(PostgresError) -> Connection { try Connection(try area.connection(), logger: logger) }

    /// Connects in a role, after checking that the database is migrated and the role may be taken on.
    func connect(as role: PostgresArea.Role) throws -> Connection {
        var connection = try connect()
        try check(&connection, role: role)
        try connection.execute(script: "SET ROLE \(role.identifier(prefix: area.rolePrefix).quoted)")
        return connection
    }

    /// Settings for a service that connects by itself in a role, after the same checks.
    func settings(for role: PostgresArea.Role) throws -> PostgresSettings {
        var connection = try connect()
        try check(&connection, role: role)
        return try area.connection(as: role)
    }

    // MARK: -

    private func check(_ connection: inout Connection, role: PostgresArea.Role) throws {
        let name = try role.identifier(prefix: area.rolePrefix).name
        guard let access = try connection.queryOne(AskAccess(role: name)) else { return }
        guard access.isMigrated else {
            throw OperatorError(.notMigrated, "Database \"\(access.database)\" was never migrated; run `hindcast migrate`.")
        }
        guard let isMember = access.isMember else {
            throw OperatorError(
                .notMigrated,
                "There is no role \"\(name)\" on this server, so the database was migrated with another role prefix, or not at all; set postgres.role-prefix, or run `hindcast migrate`."
            )
        }
        guard isMember else {
            throw OperatorError(
                .database, "User \"\(access.user)\" may not take on role \"\(name)\"; as an administrator run: GRANT \(name) TO \"\(access.user)\".")
        }
        guard access.seesVersion else { return }
        switch try migrator().state(of: &connection) {
        case .current: break
        case .notMigrated:
            throw OperatorError(.notMigrated, "Database \"\(access.database)\" was never migrated; run `hindcast migrate`.")
        case .behind(let version, let pending):
            throw OperatorError(
                .notMigrated,
                "Database \"\(access.database)\" is at version \(version) and this program needs \(version + pending.count); run `hindcast migrate`.")
        case .newer(let database, let program):
            throw OperatorError(
                .notMigrated,
                "Database \"\(access.database)\" is at version \(database) and this program knows \(program) at most; use a newer hindcast.")
        }
    }
}

/// Asks the catalogues, which everybody may read, what the login user will meet.
private struct AskAccess: Statement {
    let role: String

    struct Row {
        let database: String
        let user: String
        let isMigrated: Bool
        /// Whether the table of versions may be read.
        let seesVersion: Bool
        /// Whether the role may be taken on; nil where there is none.
        let isMember: Bool?
    }

    static let sql = """
        SELECT current_database(), session_user, c.oid IS NOT NULL,
            c.oid IS NOT NULL AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'),
            (SELECT pg_has_role(session_user, r.oid, 'MEMBER') FROM pg_roles r WHERE r.rolname = $1)
        FROM (SELECT 1) one
        LEFT JOIN pg_namespace n ON n.nspname = 'hindcast'
        LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'schema_migration'
        """

    func bind(to parameters: inout Parameters) { parameters.append(role) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(
            database: try row.string(0), user: try row.string(1), isMigrated: try row.bool(2), seesVersion: try row.bool(3),
            isMember: try row.boolOrNil(4))
    }
}
