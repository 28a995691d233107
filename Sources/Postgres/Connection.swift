import CLibPQ
package import Logging
package import Threading

/// One session on a server, by libpq.
///
/// Every call blocks its thread until the server has answered. A connection belongs to one thread at a time and is not `Sendable`: give it a thread of
/// its own through `ThreadBound<Connection>` or a `ThreadLoop`, and share several through a ``Pool``.
@safe package struct Connection: ~Copyable {
    /// How the connection was made and is made again.
    package let settings: PostgresSettings
    let logger: Logger
    // `nil` once closed; libpq takes that for a broken connection.
    var handle: OpaquePointer?
    var prepared: [ObjectIdentifier: PreparedStatement] = [:]
    // Grows for ever: a name whose statement was forgotten may still be known to the session.
    var nextName = 0
    var parameters = Parameters()
    var channels: [SQLIdentifier] = []
    // Kept here because libpq holds a pointer to it that retains nothing.
    private let notices: NoticeLog

    /// Connects and prepares the session: UTC, time limits, search path, role.
    ///
    /// - Parameter logger: gets notices of the server and what happens to the connection, at `debug`.
    /// - Throws: ``PostgresError/Code/invalidSettings`` or ``PostgresError/Code/connectionFailed``; a role that this user may not take on is
    ///   ``SQLState/insufficientPrivilege``.
    package init(_ settings: PostgresSettings, logger: Logger) throws(PostgresError) {
        self.settings = settings
        self.logger = logger
        notices = NoticeLog(logger: logger)
        unsafe handle = nil
        try open()
    }

    deinit {
        unsafe PQfinish(handle)
    }

    /// Whether the session is there, as far as is known without asking the server.
    package var isUsable: Bool { unsafe PQstatus(handle) == CONNECTION_OK }

    /// Whether the session is there, after looking for a farewell of the server that has arrived meanwhile.
    package var isStillThere: Bool {
        // Twice, since the first reads the farewell and only the next finds that nothing follows.
        unsafe PQconsumeInput(handle) == 1 && PQconsumeInput(handle) == 1 && isUsable
    }

    /// The server's version as a number: 150004 is 15.4.
    package var serverVersion: Int { unsafe Int(PQserverVersion(handle)) }

    /// The process that serves this session, as `pg_stat_activity.pid` shows it.
    package var backendPID: Int32 { unsafe PQbackendPID(handle) }

    /// The open socket; -1 when there is none.
    package var socketDescriptor: Int32 { unsafe PQsocket(handle) }

    /// Cancels what this connection is doing, from any thread; `nil` when the connection is closed.
    package var cancelHandle: CancelHandle? {
        guard let cancel = unsafe PQgetCancel(handle) else { return nil }
        return unsafe CancelHandle(cancel)
    }

    /// Ends the session. Later statements fail with ``PostgresError/Code/connectionLost``.
    package mutating func close() {
        unsafe PQfinish(handle)
        unsafe handle = nil
        prepared = [:]
    }

    /// Ends the session and starts another with the same settings, listening to the same channels.
    package mutating func reconnect() throws(PostgresError) {
        close()
        try open()
        for channel in channels { try execute(script: "LISTEN \(channel.quoted)") }
        logger.debug("Reconnected", metadata: [LogKey.backend: "\(backendPID)"])
    }

    /// Reconnects, waiting between attempts; returns `false` when it was stopped.
    ///
    /// - Parameters:
    ///   - attempts: how many attempts to make; `nil` is without end.
    ///   - stop: ends the wait at once.
    ///   - random: gives numbers from 0 to below 1 for the jitter.
    /// - Throws: the last attempt's error, and without further attempts one that ``PostgresError/isRefusal``.
    package mutating func reconnect(
        backoff: Backoff, attempts: Int? = nil, stop: StopSignal, random: () -> Double = { Double.random(in: 0..<1) }
    ) throws(PostgresError) -> Bool {
        var failures = 0
        while !stop.isRequested {
            do throws(PostgresError) {
                try reconnect()
                return true
            } catch {
                failures += 1
                if error.isRefusal || error.code == .invalidSettings || failures == attempts { throw error }
                let delay = backoff.delay(afterFailures: failures, random: random())
                logger.debug("Failed to reconnect", metadata: [LogKey.error: "\(error)", LogKey.delay: "\(delay)"])
                stop.wait(for: delay)
            }
        }
        return false
    }

    // MARK: -

    private mutating func open() throws(PostgresError) {
        try settings.validate()
        let parameters = settings.parameters
        unsafe handle = connect(keywords: parameters.map(\.keyword), values: parameters.map(\.value))
        guard isUsable else {
            let error = connectionError(.connectionFailed, statement: nil)
            close()
            throw error
        }
        unsafe notices.attach(to: handle)
        do throws(PostgresError) {
            try execute(script: settings.sessionScript, name: "session settings")
        } catch {
            close()
            throw error
        }
        logger.debug("Connected", metadata: [LogKey.server: "\(settings)", LogKey.backend: "\(backendPID)"])
    }
}

/// Calls libpq with lists of C strings.
private func connect(keywords: [String], values: [String]) -> OpaquePointer? {
    unsafe withCStrings(keywords) { keywords in
        unsafe withCStrings(values) { values in unsafe PQconnectdbParams(keywords, values, 1) }
    }
}

/// Hands over the texts as a list of C strings that ends with a null pointer.
private func withCStrings<T>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
        starts.append(bytes.count)
        bytes.append(contentsOf: text.utf8.lazy.map { CChar(bitPattern: $0) })
        bytes.append(0)
    }
    return unsafe bytes.withUnsafeBufferPointer { bytes in
        let pointers: [UnsafePointer<CChar>?] = unsafe starts.map { start in unsafe bytes.baseAddress.map { unsafe $0 + start } } + [nil]
        return unsafe pointers.withUnsafeBufferPointer { pointers in
            guard let first = pointers.baseAddress else { preconditionFailure("Cannot connect without keywords") }
            return unsafe body(first)
        }
    }
}
