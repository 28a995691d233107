import Hashing
import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase) struct MigratorTests {
    private static let first = Migration(version: 1, name: "m0001_reading", sql: "CREATE TABLE hindcast.reading (id int8 PRIMARY KEY);")
    private static let second = Migration(
        version: 2, name: "m0002_label",
        sql: "-- Why.\nALTER TABLE hindcast.reading ADD COLUMN label text;\nINSERT INTO hindcast.reading VALUES (1, 'x');")
    private static let third = Migration(version: 3, name: "m0003_more", sql: "CREATE TABLE hindcast.more (id int8);")

    @Test func `an empty database is brought up to date, once`() throws {
        var connection = try TestDatabase.connect()
        let migrator = try Migrator([Self.second, Self.first], logger: quiet)
        #expect(try migrator.state(of: &connection) == .notMigrated)
        #expect(try migrator.pending(on: &connection) == [Self.first, Self.second])
        #expect(try migrator.state(of: &connection) == .notMigrated, "a dry run changes nothing")
        #expect(try migrator.migrate(&connection) == [Self.first, Self.second])
        #expect(try migrator.state(of: &connection) == .current(version: 2))
        #expect(try migrator.pending(on: &connection) == [])
        #expect(try migrator.migrate(&connection) == [])
        #expect(try connection.queryOne(CountMigratedReadings()) == 1)
    }

    @Test func `what is missing is applied on top`() throws {
        var connection = try TestDatabase.connect()
        try Migrator([Self.first], logger: quiet).migrate(&connection)
        let migrator = try Migrator([Self.first, Self.second, Self.third], logger: quiet)
        #expect(try migrator.state(of: &connection) == .behind(version: 1, pending: [Self.second, Self.third]))
        #expect(try migrator.migrate(&connection) == [Self.second, Self.third])
        #expect(try migrator.state(of: &connection) == .current(version: 3))
    }

    @Test func `a migration that fails keeps nothing of itself and all before it`() throws {
        var connection = try TestDatabase.connect()
        let broken = Migration(
            version: 2, name: "m0002_broken", sql: "CREATE TABLE hindcast.kept (id int8);\n\nINSERT INTO hindcast.nowhere VALUES (1);")
        let migrator = try Migrator([Self.first, broken, Self.third], logger: quiet)
        do throws(PostgresError) {
            try migrator.migrate(&connection)
            Issue.record("the migration went through")
        } catch {
            #expect(error.code == .migrationFailed)
            #expect(error.sqlState == .undefinedTable)
            #expect(error.message.contains("m0002_broken") && error.message.contains("line 3"), "\(error)")
        }
        #expect(try migrator.state(of: &connection) == .behind(version: 1, pending: [broken, Self.third]))
        #expect(try connection.queryOne(FindTable(name: "hindcast.kept")) == false)
        #expect(try Migrator([Self.first, Self.second], logger: quiet).migrate(&connection) == [Self.second])
    }

    @Test func `a released file that changed is refused by name and digests`() throws {
        var connection = try TestDatabase.connect()
        try Migrator([Self.first], logger: quiet).migrate(&connection)
        let changed = Migration(version: 1, name: Self.first.name, sql: Self.first.sql + " ")
        let migrator = try Migrator([changed, Self.second], logger: quiet)
        do throws(PostgresError) {
            try migrator.migrate(&connection)
            Issue.record("the changed file was taken")
        } catch {
            #expect(error.code == .migrationChanged)
            for part in [Self.first.name, Self.first.sha256.hex, changed.sha256.hex] { #expect(error.message.contains(part)) }
        }
        #expect(try connection.queryOne(FindTable(name: "hindcast.reading")) == true)
    }

    @Test func `a database that a newer program migrated is left alone`() throws {
        var connection = try TestDatabase.connect()
        try Migrator([Self.first, Self.second, Self.third], logger: quiet).migrate(&connection)
        let migrator = try Migrator([Self.first, Self.second], logger: quiet)
        #expect(try migrator.state(of: &connection) == .newer(database: 3, program: 2))
        do throws(PostgresError) {
            try migrator.migrate(&connection)
            Issue.record("the older program went on")
        } catch {
            #expect(error.code == .databaseNewer)
            #expect(error.message.contains("m0003_more"))
        }
    }

    @Test func `placeholders become names and literals, and an unknown one is refused`() throws {
        var connection = try TestDatabase.connect()
        let sql = "CREATE TABLE hindcast.{{table}} (id int8); COMMENT ON TABLE hindcast.{{table}} IS {{table:literal}};"
        let named = Migration(version: 1, name: "m0001_named", sql: sql)
        try Migrator([named], placeholders: ["table": "it's a \"table\""], logger: quiet).migrate(&connection)
        #expect(try connection.queryOne(FindTable(name: "hindcast.\"it's a \"\"table\"\"\"")) == true)
        // The digest is of the text as released, not as filled in.
        #expect(try Migrator([named], placeholders: ["table": "other"], logger: quiet).state(of: &connection) == .current(version: 1))
        for sql in ["SELECT {{tabel}}", "SELECT {{table", "SELECT {{table:upper}}"] {
            do throws(PostgresError) {
                _ = try Migrator([Migration(version: 1, name: "m0001_typo", sql: sql)], placeholders: ["table": "x"], logger: quiet)
                Issue.record("\(sql) was taken")
            } catch {
                #expect(error.code == .invalidMigration)
                #expect(error.message.contains("m0001_typo"))
            }
        }
    }

    @Test func `a gap in the versions is refused`() {
        do throws(PostgresError) {
            _ = try Migrator([Self.first, Self.third], logger: quiet)
            Issue.record("the list was taken")
        } catch {
            #expect(error.code == .invalidMigration)
        }
    }

    @Test func `a migration may take on another role`() throws {
        var connection = try TestDatabase.connect()
        let owned = Migration(
            version: 1, name: "m0001_owned",
            sql: "GRANT USAGE, CREATE ON SCHEMA hindcast TO pg_monitor; SET LOCAL ROLE pg_monitor; CREATE TABLE hindcast.owned (id int8);")
        #expect(try Migrator([owned, Self.second.numbered(3), Self.first.numbered(2)], logger: quiet).migrate(&connection).count == 3)
    }

    @Test func `migrators that run at the same time take turns`() async throws {
        let pool = Pool(TestDatabase.current.settings, size: 4, logger: quiet)
        let migrator = try Migrator([Self.first, Self.second, Self.third], logger: quiet)
        let applied = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await pool.withConnection { (connection: inout Connection) throws(PostgresError) in try migrator.migrate(&connection).count }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(applied == 3, "each migration was applied by exactly one of them")
        await pool.close()
    }
}

@Suite(.database) struct ReleasedMigrationsTests {
    @Test func `this program's own migrations give a database that is up to date`() throws {
        var connection = try TestDatabase.connect(role: "hindcast_ingest")
        #expect(
            try DatabaseTemplate.current.migrator(logger: quiet).state(of: &connection)
                == .current(version: DatabaseTemplate.current.migrations.count))
    }
}

extension Migration {
    fileprivate func numbered(_ version: Int) -> Migration {
        Migration(version: version, name: name, sql: sql)
    }
}

private struct CountMigratedReadings: Statement {
    static let sql = "SELECT count(*) FROM hindcast.reading"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

private struct FindTable: Statement {
    static let sql = "SELECT to_regclass($1) IS NOT NULL"
    var name: String

    func bind(to parameters: inout Parameters) {
        parameters.append(name)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool {
        try row.bool(0)
    }
}
