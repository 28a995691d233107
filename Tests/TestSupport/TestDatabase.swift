import Glibc
package import Logging
package import Postgres
import Synchronization

/// The database that the `.database` trait made for the running test.
package struct TestDatabase: Sendable {
    @TaskLocal static var bound: TestDatabase?
    private static let made = Atomic<Int>(0)

    /// How to reach it, as a superuser.
    package let settings: PostgresSettings
    private let name: SQLIdentifier

    /// The running test's database. Only for tests with the `.database` trait.
    package static var current: TestDatabase {
        guard let bound else { preconditionFailure("Cannot use a database: the test or its suite lacks the trait .database") }
        return bound
    }

    /// A new connection to the running test's database.
    ///
    /// - Parameter role: the role to take on; the superuser where `nil`.
    package static func connect(
        role: SQLIdentifier? = nil, logger: Logger = Logger(label: "hindcast.test")
    ) throws(PostgresError) -> Connection {
        try Connection(current.settings.with(role: role), logger: logger)
    }

    static func make(_ content: DatabaseTrait.Content, on server: DatabaseServer) async throws -> TestDatabase {
        let name = try SQLIdentifier(checking: "hindcast_test_\(getpid())_\(made.add(1, ordering: .relaxed).newValue)")
        let template: SQLIdentifier =
            switch content {
            case .empty: "template0"
            case .migrated(let template): try await template.name(on: server)
            }
        try await server.administration.withConnection { (connection: inout Connection) throws(PostgresError) in
            // Left behind by a process that was killed and had the same number.
            try connection.execute(script: "DROP DATABASE IF EXISTS \(name.quoted) WITH (FORCE)")
            try connection.execute(script: "CREATE DATABASE \(name.quoted) TEMPLATE \(template.quoted)")
        }
        return TestDatabase(settings: server.settings.with(database: name.name), name: name)
    }

    func drop(from server: DatabaseServer) async throws {
        try await server.administration.withConnection { (connection: inout Connection) throws(PostgresError) in
            // Forced: a test that failed may have left connections.
            try connection.execute(script: "DROP DATABASE \(name.quoted) WITH (FORCE)")
        }
    }
}
