import Hashing

/// One row of `hindcast.schema_migration`.
struct AppliedMigration: Hashable, Sendable {
    var version: Int
    var name: String
    var sha256: [UInt8]
}

/// Asks whether the table of applied migrations is there.
///
/// Reads the catalogue itself: `to_regclass` answers from a cache that does not hear of another session's work during a transaction.
struct FindMigrationTable: Statement {
    static let sql = """
        SELECT EXISTS (
            SELECT FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname = 'hindcast' AND relname = 'schema_migration')
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool {
        try row.bool(0)
    }
}

/// Lists what was applied, in order.
struct LoadAppliedMigrations: Statement {
    static let sql = "SELECT version, name, sha256 FROM hindcast.schema_migration ORDER BY version"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> AppliedMigration {
        AppliedMigration(version: Int(try row.int32(0)), name: try row.string(1), sha256: try row.byteArray(2))
    }
}

/// Notes that a migration was applied.
struct RecordMigration: Statement {
    static let sql = "INSERT INTO hindcast.schema_migration (version, name, sha256) VALUES ($1, $2, $3)"
    var migration: Migration

    func bind(to parameters: inout Parameters) {
        parameters.append(Int32(migration.version))
        parameters.append(migration.name)
        parameters.append(migration.sha256.bytes)
    }
}

/// Lets one migrator work at a time; the end of the transaction lets the next one in. Of the transaction and not of the session, so that it also holds
/// behind a pooler.
struct LockMigrations: Statement {
    static let sql = "SELECT 1 FROM (SELECT pg_advisory_xact_lock($1)) AS held"
    /// Any number that nobody else uses as a lock: the bytes of "hindcast".
    static let key: Int64 = 0x6869_6E64_6361_7374

    func bind(to parameters: inout Parameters) {
        parameters.append(Self.key)
    }
}
