import CLibPQ
import Glibc
import Threading

extension Connection {
    /// Starts to receive what is sent to a channel; a reconnect starts it again.
    ///
    /// Behind a pooler in transaction mode nothing ever arrives.
    package mutating func listen(_ channel: SQLIdentifier) throws(PostgresError) {
        try execute(script: "LISTEN \(channel.quoted)", name: "LISTEN")
        if !channels.contains(channel) { channels.append(channel) }
    }

    /// Stops receiving what is sent to a channel.
    package mutating func unlisten(_ channel: SQLIdentifier) throws(PostgresError) {
        channels.removeAll { $0 == channel }
        try execute(script: "UNLISTEN \(channel.quoted)", name: "UNLISTEN")
    }

    /// Sends a text to everybody who listens to a channel, when the transaction commits; at most 7999 bytes.
    package mutating func notify(_ channel: SQLIdentifier, payload: String = "") throws(PostgresError) {
        try execute(Notify(channel: channel.name, payload: payload))
    }

    /// Blocks until a notification arrives; `nil` when the time is over or the wait was ended.
    ///
    /// - Parameters:
    ///   - timeout: how long to wait; zero only looks.
    ///   - wakeDescriptor: a descriptor that ends the wait when it becomes readable: a `StopSignal`'s or a `WakeSignal`'s.
    /// - Throws: ``PostgresError/Code/connectionLost``.
    package mutating func waitForNotification(timeout: Duration, wakeDescriptor: Int32? = nil) throws(PostgresError) -> Notification? {
        let deadline = ContinuousClock.now + timeout
        while true {
            guard unsafe PQconsumeInput(handle) == 1 else { throw connectionError(.connectionLost, statement: "LISTEN") }
            if let notification = nextNotification() { return notification }
            let rest = ContinuousClock.now.duration(to: deadline)
            switch Self.poll(socketDescriptor, wakeDescriptor, for: rest) {
            case .readable: continue
            case .ended: return nil
            }
        }
    }

    // MARK: -

    private enum Wait { case readable, ended }

    private static func poll(_ socket: Int32, _ wake: Int32?, for rest: Duration) -> Wait {
        // poll(2) passes over a negative descriptor.
        var descriptors: InlineArray<2, pollfd> = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0), pollfd(fd: wake ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        var span = descriptors.mutableSpan
        let result = unsafe span.withUnsafeMutableBufferPointer { unsafe Glibc.poll($0.baseAddress, 2, rest.pollMilliseconds) }
        if descriptors[1].revents != 0 { return .ended }
        if result == 0 { return .ended }
        return .readable
    }

    private func nextNotification() -> Notification? {
        guard let raw = unsafe PQnotifies(handle) else { return nil }
        defer { unsafe PQfreemem(raw) }
        return unsafe Notification(
            channel: String(cString: raw.pointee.relname), payload: String(cString: raw.pointee.extra), backendPID: raw.pointee.be_pid)
    }
}

/// NOTIFY takes no bind values; the function does.
private struct Notify: Statement {
    static let sql = "SELECT pg_notify($1, $2)"
    var channel: String
    var payload: String

    func bind(to parameters: inout Parameters) {
        parameters.append(channel)
        parameters.append(payload)
    }
}
