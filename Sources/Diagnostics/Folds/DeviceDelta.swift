/// What a run of events says about one device, beside any template: the change to a row of `device_state`.
package struct DeviceDelta: Equatable, Sendable {
    /// The earliest event time.
    package var firstSeen: Timestamp
    /// The latest event time.
    package var lastSeen: Timestamp
    /// Events of every kind.
    package var messages: Int64 = 0
    /// The sum of their payloads' lengths.
    package var bytes: Int64 = 0
    /// Telemetry events.
    package var telemetry: Int64 = 0
    /// The earliest time of telemetry.
    package var firstTelemetry: Timestamp?
    /// The latest time of telemetry.
    package var lastTelemetry: Timestamp?
    /// The latest time of a property change.
    package var lastProperty: Timestamp?
    /// The template id that a message last named.
    package var template: LastWriter<String>?
    /// What the service last said of the connection.
    package var connection: LastWriter<Connection>?
    /// What the service last said of the identity.
    package var presence: LastWriter<Presence>?
    /// The last time that the device was provisioned; always true.
    package var provisioned: LastWriter<Bool>?
    /// What an operator last decided.
    package var access: LastWriter<Access>?

    /// What the service last said of a device's connection. Raw values are stored.
    package enum Connection: Int16, Sendable { case connected = 1, disconnected = 2 }
    /// Whether a device's identity is there. Raw values are stored.
    package enum Presence: Int16, Sendable { case registered = 1, deleted = 2 }
    /// Whether an operator lets a device connect. Raw values are stored.
    package enum Access: Int16, Sendable { case enabled = 1, disabled = 2 }

    init(at time: Timestamp) {
        firstSeen = time
        lastSeen = time
    }
}
