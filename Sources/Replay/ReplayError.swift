package import Catalog
package import Postgres
package import Projections

/// Why a replay cannot go on, or is refused: one sentence with what, where, expected, actual and what to do.
package struct ReplayError: PostgresFailure, CustomStringConvertible {
    /// The kinds of failure. Open: compare with the constants, and expect more of them.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The kind's name, for logs and output.
        package let description: String

        private init(_ description: String) { self.description = description }

        /// The database failed; ``ReplayError/database`` says how.
        package static let database = Code("database")
        /// What was decided cannot be read or recorded; ``ReplayError/catalog`` says how.
        package static let catalog = Code("catalog")
        /// The live worker's own code failed.
        package static let projection = Code("projection")
        /// There is no such run.
        package static let runUnknown = Code("run-unknown")
        /// The run is not in a state that allows this.
        package static let stateWrong = Code("state-wrong")
        /// What was asked for cannot be planned.
        package static let requestInvalid = Code("request-invalid")
        /// The run can never be promoted.
        package static let notPromotable = Code("not-promotable")
        /// Another generation is live than the run was planned against.
        package static let liveMoved = Code("live-moved")
        /// The candidate is not as far as the live generation yet.
        package static let behind = Code("behind")
        /// The diff is not the one that was looked at.
        package static let digestDiffers = Code("digest-differs")
        /// The run would bring more new errors than allowed.
        package static let budgetExceeded = Code("budget-exceeded")
        /// Somebody else holds what this worker believed to be its own.
        package static let fenced = Code("fenced")
        /// A test had the worker die here.
        package static let died = Code("died")
    }

    /// What kind of failure it is.
    package let code: Code
    /// The sentence.
    package let message: String
    /// The database's own error, where the database failed.
    package let database: PostgresError?
    /// The catalog's own error.
    package let catalog: CatalogError?

    /// A failure that this module found.
    package init(_ code: Code, _ message: String) {
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

    /// A failure of the live worker's code, or of what lies below it.
    package init(_ error: ProjectionError) {
        code = error.database != nil ? .database : error.catalog != nil ? .catalog : .projection
        message = error.description
        database = error.database
        catalog = error.catalog
    }

    /// The sentence; safe to show.
    package var description: String { message }
}

extension Connection {
    /// Runs work whose errors are the database's, as part of work whose errors are a replay's.
    mutating func replaying<T>(_ body: (inout Connection) throws(PostgresError) -> T) throws(ReplayError) -> T {
        do throws(PostgresError) {
            return try body(&self)
        } catch {
            throw ReplayError(error)
        }
    }

    /// Runs work whose errors are the catalog's, as part of work whose errors are a replay's.
    mutating func deciding<T>(_ body: (inout Connection) throws(CatalogError) -> T) throws(ReplayError) -> T {
        do throws(CatalogError) {
            return try body(&self)
        } catch {
            throw ReplayError(error)
        }
    }
}
