/// What a run of events says about one device, beside any template: the change to a row of `device_state`, and to the device's rows of `device_life`.
///
/// Each fact stands by itself with the place of the event that set it. The words that people use for a device, such as blocked or provisioned, follow from
/// the facts in SQL: `hindcast.registration_label`, `hindcast.connection_label`.
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
    /// Events that repeat one shortly before, see `RepeatWindow`.
    package var repeated: Int64 = 0
    /// Events that had outlived what their sender allows.
    package var expired: Int64 = 0
    /// The earliest time of telemetry.
    package var firstTelemetry: Timestamp?
    /// The latest time of telemetry.
    package var lastTelemetry: Timestamp?
    /// The latest time of a property change.
    package var lastProperty: Timestamp?
    /// The template id that a message last named.
    package var template: LastWriter<String>?
    /// The last time that the service said that the device got another template; always true. Which one, `template` says.
    package var templateAssigned: LastWriter<Bool>?
    /// What was last said of the connection, by time, among words without a sequence number.
    package var connection: LastWriter<Connection>?
    /// What was last said of the connection, by sequence number.
    package var hubConnection: NumberedConnection?
    /// What the service last said of the identity.
    package var presence: LastWriter<Presence>?
    /// Whether the device has signed in and was let in.
    package var provisioned: LastWriter<Bool>?
    /// Whether somebody, or a rule, approved the device; one that waits for approval is not.
    package var approved: LastWriter<Bool>?
    /// Whether an operator lets the device connect.
    package var access: LastWriter<Access>?
    /// Whether the service only makes believe that there is a device.
    package var simulated: LastWriter<Bool>?
    /// The identities that the id has had, at most `DeviceLives.limit`.
    package var lives = DeviceLives()

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

extension LastWriter<Bool> {
    /// The stored number: 1 yes, 2 no.
    package var storedValue: Int16 { value ? 1 : 2 }
}
