import EventLog
import Kafka
import Postgres

/// Why ingest ended.
package struct IngestError: Error, Equatable, CustomStringConvertible {
    /// What happened. Open: later versions may know more.
    package struct Code: Hashable, Sendable {
        let name: String

        /// Another writer owns a source that this process was told to own.
        package static let fenced = Code(name: "fenced")
        /// A source was stopped because what the broker holds is not what the log holds.
        package static let stoppedForSafety = Code(name: "stopped-for-safety")
        /// The broker cannot be reached, refuses, or does not know a topic.
        package static let kafka = Code(name: "kafka")
        /// The database refuses.
        package static let postgres = Code(name: "postgres")
        /// What the settings say is not acceptable: to the Kafka client, or for a source that was opened with others.
        package static let settings = Code(name: "settings")
        /// A capture file cannot be read, or is not what it says.
        package static let capture = Code(name: "capture")
    }

    package let code: Code
    /// What, where, expected and actual, what to do.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    init(_ error: KafkaError) { self.init(error.code == .invalidArgument ? .settings : .kafka, "\(error)") }

    init(_ error: PostgresError) {
        if LogSources.isSettingsMismatch(error) {
            self.init(.settings, [error.message, error.hint].compactMap(\.self).joined(separator: " "))
        } else {
            self.init(.postgres, "\(error)")
        }
    }

    /// Runs a call to the broker and rethrows its error as this type.
    static func wrapping<T>(_ body: () throws(KafkaError) -> T) throws(IngestError) -> T {
        do throws(KafkaError) {
            return try body()
        } catch {
            throw IngestError(error)
        }
    }
}
