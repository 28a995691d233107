package import Catalog
package import Postgres

/// Why a projection cannot go on: one sentence with what, where and what to do.
package struct ProjectionError: PostgresFailure, CustomStringConvertible {
    /// The kinds of failure. Open: compare with the constants, and expect more of them.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The kind's name, for logs.
        package let description: String

        private init(_ description: String) { self.description = description }

        /// The database failed; ``ProjectionError/database`` says how.
        package static let database = Code("database")
        /// What operators decided cannot be read, or asks for another program; ``ProjectionError/catalog`` says how.
        package static let catalog = Code("catalog")
        /// A projection is paused, so it will not catch up by itself.
        package static let paused = Code("paused")
    }

    /// What kind of failure it is.
    package let code: Code
    /// The sentence.
    package let message: String
    /// The database's own error, where the database failed.
    package let database: PostgresError?
    /// The catalog's own error.
    package let catalog: CatalogError?

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        database = nil
        catalog = nil
    }

    /// A failure of the database.
    package init(_ error: PostgresError) {
        code = .database
        message = error.description
        database = error
        catalog = nil
    }

    /// A failure of the catalog, or of the database below it.
    package init(_ error: CatalogError) {
        code = error.database == nil ? .catalog : .database
        message = error.description
        database = error.database
        catalog = error.database == nil ? error : nil
    }

    /// The sentence; safe to show.
    package var description: String { message }
}

extension ProjectionError {
    /// Whether the connection is gone, or what it did last is not known, so that everything has to be read again on another one.
    var needsConnection: Bool { database.map { $0.isConnectionLost || $0.code == .commitUnknown } ?? false }

    /// Whether no other attempt of this program can succeed: it is too old for what is stored.
    var isFinal: Bool { catalog?.code == .ruleSetNewer }

    /// Whether the same batch may succeed at once: it lost against another transaction.
    var isCollision: Bool {
        guard let database else { return false }
        return database.isRetriable || database.sqlState == .uniqueViolation
    }

    /// Whether a smaller batch may succeed where this one did not: the server lacked locks, memory or time for it.
    var isForSize: Bool {
        guard let state = database?.sqlState else { return false }
        return state.conditionClass == .insufficientResources || state == .queryCanceled
    }

    /// What `projection_progress` shows: a class that can be searched for, and the sentence.
    var failure: String { "\(failureClass): \(message)" }

    private var failureClass: String {
        guard let database else { return code.description }
        switch database.sqlState {
        case .insufficientPrivilege: return "privilege"
        case .lockNotAvailable, .uniqueViolation: return "conflict"
        case .undefinedTable, .invalidSchemaName, .undefinedObject: return "schema"
        default: break
        }
        switch database.sqlState?.conditionClass {
        case .transactionRollback?: return "conflict"
        case .insufficientResources?, .systemError?: return "resources"
        case .operatorIntervention?: return "intervention"
        case .dataException?, .integrityConstraintViolation?: return "data"
        case .some(let other) where other.rawValue == "42": return "schema"
        default: return "database"
        }
    }
}

extension Connection {
    /// Runs work whose errors are the database's, as part of work whose errors are the projection's.
    mutating func projecting<T>(_ body: (inout Connection) throws(PostgresError) -> T) throws(ProjectionError) -> T {
        do throws(PostgresError) {
            return try body(&self)
        } catch {
            throw ProjectionError(error)
        }
    }

    /// Runs work whose errors are the catalog's, as part of work whose errors are the projection's.
    mutating func deciding<T>(_ body: (inout Connection) throws(CatalogError) -> T) throws(ProjectionError) -> T {
        do throws(CatalogError) {
            return try body(&self)
        } catch {
            throw ProjectionError(error)
        }
    }
}
