package import Postgres

/// Why a decision could not be recorded or read: one sentence for the operator, with what, where, expected, actual and what to do.
package struct CatalogError: PostgresFailure, Equatable, CustomStringConvertible {
    /// The kinds of failure. Open: compare with the constants, and expect more of them.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The kind's name, for logs and output.
        package let description: String

        private init(_ description: String) { self.description = description }

        /// The database failed; ``CatalogError/database`` says how.
        package static let database = Code("database")
        /// The bytes are no device template.
        package static let templateInvalid = Code("template-invalid")
        /// No version of this template id was published.
        package static let templateUnknown = Code("template-unknown")
        /// The template has no such version.
        package static let versionUnknown = Code("version-unknown")
        /// More than one version's hash begins so.
        package static let versionAmbiguous = Code("version-ambiguous")
        /// The text is neither an ordinal nor the beginning of a hash.
        package static let versionInvalid = Code("version-invalid")
        /// The patterns of an assignment cannot match any device.
        package static let patternInvalid = Code("pattern-invalid")
        /// A control event's body is not what its kind asks for.
        package static let controlEventInvalid = Code("control-event-invalid")
        /// The database was written by a program with newer rules than this one has.
        package static let ruleSetNewer = Code("rule-set-newer")
        /// A draft's content was published meanwhile.
        package static let draftPublished = Code("draft-published")
        /// There is no live generation.
        package static let generationMissing = Code("generation-missing")
    }

    /// What kind of failure it is.
    package let code: Code
    /// The sentence.
    package let message: String
    /// The database's own error, where the database failed.
    package let database: PostgresError?

    /// A failure that this module found.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        database = nil
    }

    /// A failure of the database.
    package init(_ error: PostgresError) {
        code = .database
        message = error.description
        database = error
    }

    /// The sentence; safe to show.
    package var description: String { message }
}

extension Connection {
    /// Runs work whose errors are the database's, as part of work whose errors are the catalog's.
    mutating func catalog<T>(_ body: (inout Connection) throws(PostgresError) -> T) throws(CatalogError) -> T {
        do throws(PostgresError) {
            return try body(&self)
        } catch {
            throw CatalogError(error)
        }
    }
}
