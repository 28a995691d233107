package import Testing

/// Gives every test, and every case of a parameterised one, a database of its own, and drops it afterwards. See ``TestDatabase``.
package struct DatabaseTrait: SuiteTrait, TestTrait, TestScoping {
    /// What is in the database when the test begins.
    package enum Content: Sendable {
        /// Nothing.
        case empty
        /// What these migrations make.
        case migrated(DatabaseTemplate)
    }

    let content: Content

    /// Inherited by the tests of a suite, so that none of them sees another's rows.
    package var isRecursive: Bool { true }

    /// Runs a test with ``TestDatabase/current`` set.
    package func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void) async throws {
        guard let server = try DatabaseServer.shared.get() else { try Test.cancel(Comment(rawValue: DatabaseServer.advice)) }
        let database = try await TestDatabase.make(content, on: server)
        do {
            try await TestDatabase.$bound.withValue(database, operation: function)
        } catch {
            try await database.drop(from: server)
            throw error
        }
        try await database.drop(from: server)
    }
}

extension Trait where Self == DatabaseTrait {
    /// A database of its own for each test, migrated as this program would.
    package static var database: Self { DatabaseTrait(content: .migrated(.current)) }

    /// A database of its own for each test, with nothing in it.
    package static var emptyDatabase: Self { DatabaseTrait(content: .empty) }

    /// A database of its own for each test, made by the migrations of a template.
    package static func database(from template: DatabaseTemplate) -> Self { DatabaseTrait(content: .migrated(template)) }
}
