import Hashing
package import Logging

/// Brings a database to the state that the program needs, one numbered migration after the other.
///
/// Each runs in a transaction of its own that also notes it in `hindcast.schema_migration`, so it is applied as a whole or not at all; migrators that run
/// at the same time take turns. There is no way back down: what is wrong is corrected by another migration.
package struct Migrator: Sendable {
    private let scripts: [MigrationScript]
    private let logger: Logger

    /// Checks the list and fills in the placeholders.
    ///
    /// - Parameters:
    ///   - migrations: in any order; versions are 1, 2, 3 and so on without a gap.
    ///   - placeholders: what `{{name}}` stands for.
    /// - Throws: ``PostgresError/Code/invalidMigration``.
    package init(_ migrations: [Migration], placeholders: [String: SQLIdentifier] = [:], logger: Logger) throws(PostgresError) {
        var scripts: [MigrationScript] = []
        for migration in migrations.sorted(by: { $0.version < $1.version }) {
            guard migration.version == scripts.count + 1 else {
                throw PostgresError(.invalidMigration, "migration \(migration.label) stands where version \(scripts.count + 1) is expected")
            }
            scripts.append(try MigrationScript(migration, placeholders: placeholders))
        }
        self.scripts = scripts
        self.logger = logger
    }

    /// The version of the last migration that this program has; 0 where it has none.
    package var latestVersion: Int { scripts.count }

    /// How far the database is. Changes nothing.
    ///
    /// - Throws: ``PostgresError/Code/migrationChanged`` when what was applied is not what this program has.
    package func state(of connection: inout Connection) throws(PostgresError) -> MigrationState {
        guard let applied = try applied(on: &connection) else { return .notMigrated }
        if let last = applied.last, last.version > latestVersion { return .newer(database: last.version, program: latestVersion) }
        let pending = try pending(after: applied)
        guard !pending.isEmpty else { return .current(version: latestVersion) }
        return applied.isEmpty ? .notMigrated : .behind(version: applied.count, pending: pending.map(\.migration))
    }

    /// What ``migrate(_:)`` would apply. Changes nothing.
    ///
    /// - Throws: as ``migrate(_:)`` does before it changes anything.
    package func pending(on connection: inout Connection) throws(PostgresError) -> [Migration] {
        try pending(after: try applied(on: &connection) ?? []).map(\.migration)
    }

    /// Applies what is missing and says what that was.
    ///
    /// - Throws: ``PostgresError/Code/databaseNewer`` and ``PostgresError/Code/migrationChanged`` before anything is changed;
    ///   ``PostgresError/Code/migrationFailed`` with the file and the line, after everything before it was applied.
    @discardableResult
    package func migrate(_ connection: inout Connection) throws(PostgresError) -> [Migration] {
        let listed = try applied(on: &connection)
        _ = try pending(after: listed ?? [])
        if listed == nil { try makeTable(on: &connection) }
        var done: [Migration] = []
        for script in scripts where try apply(script, on: &connection) { done.append(script.migration) }
        return done
    }

    // MARK: -

    private func applied(on connection: inout Connection) throws(PostgresError) -> [AppliedMigration]? {
        guard try connection.queryOne(FindMigrationTable()) == true else { return nil }
        return try connection.query(LoadAppliedMigrations())
    }

    private func pending(after applied: [AppliedMigration]) throws(PostgresError) -> ArraySlice<MigrationScript> {
        if let last = applied.last, last.version > latestVersion {
            throw PostgresError(
                .databaseNewer, "the database has migration \(last.version) '\(last.name)', this program knows migrations up to \(latestVersion)",
                advice: "run a program at least as new as the one that migrated this database")
        }
        for (index, row) in applied.enumerated() {
            let migration = scripts[index].migration
            guard row.version == migration.version else {
                throw PostgresError(
                    .migrationChanged, "migration \(migration.label) is missing in the database, although \(row.version) '\(row.name)' was applied",
                    advice: "restore hindcast.schema_migration from a backup; its rows must not be deleted")
            }
            guard row.sha256 == migration.sha256.bytes else {
                let found = SHA256Digest(bytes: row.sha256)?.hex ?? "\(row.sha256.count) bytes"
                throw PostgresError(
                    .migrationChanged,
                    "migration \(migration.label) was applied with SHA-256 \(found) as '\(row.name)', this program's has \(migration.sha256)",
                    advice: "a released migration never changes: put the file back and write another one")
            }
        }
        return scripts[applied.count...]
    }

    private func makeTable(on connection: inout Connection) throws(PostgresError) {
        try connection.withTransaction { (connection: inout Connection) throws(PostgresError) in
            try connection.execute(LockMigrations())
            // Another migrator may have been first. Asked for and not left to IF NOT EXISTS alone, which demands the privilege to create either way.
            if try connection.queryOne(FindMigrationTable()) == true { return }
            try connection.execute(script: Self.tableSQL, name: "schema_migration")
        }
    }

    /// Applies one migration unless it is there; says whether it did.
    private func apply(_ script: MigrationScript, on connection: inout Connection) throws(PostgresError) -> Bool {
        let isNew = try connection.withTransaction { (connection: inout Connection) throws(PostgresError) -> Bool in
            try connection.execute(LockMigrations())
            let applied = try connection.query(LoadAppliedMigrations())
            guard try pending(after: applied).first == script else { return false }
            // Copying a large table takes as long as it takes; waiting for its lock does not, so lock_timeout stays.
            try connection.execute(script: "SET LOCAL statement_timeout = 0")
            do throws(PostgresError) {
                try connection.execute(script: script.sql, name: "migration \(script.migration.version)")
            } catch {
                throw script.failure(error)
            }
            // A migration may have taken on the owner's role, which may not write the table of migrations.
            try connection.execute(script: "SET LOCAL ROLE \(connection.settings.role?.quoted ?? "NONE")")
            try connection.execute(RecordMigration(migration: script.migration))
            return true
        }
        if isNew { logger.debug("Applied a migration", metadata: [LogKey.migration: "\(script.migration.label)"]) }
        return isNew
    }

    private static let tableSQL = """
        CREATE SCHEMA IF NOT EXISTS hindcast;
        CREATE TABLE hindcast.schema_migration (
            version    int         NOT NULL CONSTRAINT schema_migration_version_key PRIMARY KEY,
            name       text        NOT NULL,
            sha256     bytea       NOT NULL CONSTRAINT schema_migration_sha256_length CHECK (octet_length(sha256) = 32),
            applied_at timestamptz NOT NULL DEFAULT now()
        );
        COMMENT ON TABLE hindcast.schema_migration IS 'What was done to this database, and the SHA-256 of the text that did it.';
        """
}
