import Migrations
import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase) struct MigrateCommandTests {
    private func schemaCount() throws -> Int32? {
        var connection = try TestDatabase.connect()
        return try connection.queryOne(CountSchemas())
    }

    @Test func `a dry run names every step and changes nothing`() async throws {
        let outcome = try await Program.run(["migrate", "--dry-run"], environment: TestDatabase.environment)
        #expect(outcome.status == 0)
        #expect(outcome.lines == Migrations.all.map { "would apply \($0.version) \($0.name)" })
        #expect(try schemaCount() == 0)
    }

    @Test func `migrating applies every step, a second time none`() async throws {
        let first = try await Program.run(["migrate"], environment: TestDatabase.environment)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.lines == Migrations.all.map { "applied \($0.version) \($0.name)" })
        #expect(try schemaCount() == 2)
        let second = try await Program.run(["migrate"], environment: TestDatabase.environment)
        #expect(second.status == 0)
        #expect(second.lines == ["nothing to do: the database is at version \(Migrations.all.count)"])
    }

    @Test func `with another prefix the roles have other names, and commands find them`() async throws {
        let environment = TestDatabase.environment.merging(["HINDCAST_POSTGRES_ROLE_PREFIX": "clitest"]) { $1 }
        #expect(try await Program.run(["migrate"], environment: environment).status == 0)
        #expect(try await Program.run(["findings"], environment: environment).status == 0)
        let other = try await Program.run(["findings", "--set", "postgres.role-prefix=elsewhere"], environment: TestDatabase.environment)
        #expect(other.status == 4)
        #expect(other.errors.contains("elsewhere_dashboard"))
    }
}

private struct CountSchemas: Statement {
    static let sql = "SELECT count(*)::int FROM pg_namespace WHERE nspname IN ('hindcast', 'diagnostics')"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}
