import EventLog
import Logging
import Postgres
import TestSupport
import Threading

/// What a test waited for did not come.
package struct WaitedInVain: Error, CustomStringConvertible {
    package let description: String
}

/// Asks again whenever the log says that it has grown, and a few times a second besides, until the answer is yes.
///
/// Waits on a thread of its own: tests must not take the few threads that the tasks under test run on.
package func waitUntil(for limit: Duration = .patience, _ isTrue: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    let settings = TestDatabase.current.settings
    let waiting = try await ThreadBound<Connection>(name: "waiting") { () throws(PostgresError) in
        var connection = try Connection(settings, logger: Logger(label: "hindcast.test"))
        try connection.listen(SQLIdentifier(checking: LogSignal.channel))
        return connection
    }
    while try await !isTrue() {
        if ContinuousClock.now > deadline { throw WaitedInVain(description: "the condition did not hold within \(limit)") }
        try await waiting.run { (connection: inout Connection) throws(PostgresError) in
            _ = try connection.waitForNotification(timeout: .milliseconds(100))
        }
    }
}
