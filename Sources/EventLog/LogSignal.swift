package import Postgres

/// Tells readers that the log has grown. A hint: whoever misses it finds out by polling.
package enum LogSignal {
    /// The channel to LISTEN on.
    package static let channel = "hindcast_log"

    /// Sends the hint; outside of any append, so that no append waits for the queue of notifications.
    package static func send(on connection: inout Connection) throws(PostgresError) {
        try connection.execute(NotifyLog())
    }
}

private struct NotifyLog: Statement {
    static let sql = "SELECT pg_notify('hindcast_log', '')"
}
