import EventLog
import Postgres
import TestSupport

/// What a test waited for did not come.
package struct WaitedInVain: Error, CustomStringConvertible {
    package let description: String
}

/// Asks again whenever the log says that it has grown, and a few times a second besides, until the answer is yes.
package func waitUntil(for limit: Duration = .seconds(30), _ isTrue: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    var connection = try TestDatabase.connect()
    try connection.listen(SQLIdentifier(checking: LogSignal.channel))
    while try await !isTrue() {
        if ContinuousClock.now > deadline { throw WaitedInVain(description: "the condition did not hold within \(limit)") }
        _ = try connection.waitForNotification(timeout: .milliseconds(100))
    }
}
