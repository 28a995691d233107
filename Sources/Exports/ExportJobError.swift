package import Kafka
package import Postgres

/// Why a comparison or a backfill cannot go on, or is refused: one sentence with what, where, expected, actual and what to do.
package struct ExportJobError: PostgresFailure, CustomStringConvertible {
    /// The kinds of failure. Open: compare with the constants, and expect more of them.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The kind's name, for logs and output.
        package let description: String

        private init(_ description: String) { self.description = description }

        /// The database failed; ``ExportJobError/database`` says how.
        package static let database = Code("database")
        /// The broker failed; ``ExportJobError/kafka`` says how.
        package static let kafka = Code("kafka")
        /// What the destination has cannot be read.
        package static let destinationUnreadable = Code("destination-unreadable")
        /// The target refuses what is sent, or cannot be reached.
        package static let targetRefused = Code("target-refused")
        /// What was asked for cannot be done.
        package static let requestInvalid = Code("request-invalid")
        /// What would be needed to say or do it is not known.
        package static let notKnown = Code("not-known")
        /// Another process works on the same backfill.
        package static let fenced = Code("fenced")
        /// It was asked to stop.
        package static let interrupted = Code("interrupted")
        /// A test had the worker die here.
        package static let died = Code("died")
    }

    /// What kind of failure it is.
    package let code: Code
    /// The sentence; without secrets.
    package let message: String
    /// The database's own error, where the database failed.
    package let database: PostgresError?
    /// The broker's own error, where the broker failed.
    package let kafka: KafkaError?

    /// A failure that this module found.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        database = nil
        kafka = nil
    }

    /// A failure of the database.
    package init(_ error: PostgresError) {
        code = .database
        message = error.description
        database = error
        kafka = nil
    }

    /// A failure of the broker.
    package init(_ error: KafkaError) {
        code = .kafka
        message = error.description
        database = nil
        kafka = error
    }

    /// The sentence; safe to show.
    package var description: String { message }
}

extension Connection {
    /// Runs work whose errors are the database's, as part of work whose errors are a job's.
    mutating func doing<T>(_ body: (inout Connection) throws(PostgresError) -> T) throws(ExportJobError) -> T {
        do throws(PostgresError) {
            return try body(&self)
        } catch {
            throw ExportJobError(error)
        }
    }
}

/// Runs work whose errors are the broker's, as part of work whose errors are a job's.
func asking<T>(_ body: () throws(KafkaError) -> T) throws(ExportJobError) -> T {
    do throws(KafkaError) {
        return try body()
    } catch {
        throw ExportJobError(error)
    }
}
