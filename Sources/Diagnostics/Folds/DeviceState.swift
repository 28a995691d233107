/// What is known of one device at some point of the log, its sources taken together: a row of the SQL view `hindcast.device_fact`.
///
/// The labels follow from it in SQL alone, see `hindcast.life_start`, `hindcast.registration_label` and `hindcast.connection_label`.
package struct DeviceState: Equatable, Sendable {
    /// A fact and the place of the event that set it.
    package struct Fact<Value: Sendable & Equatable>: Equatable, Sendable {
        /// The value.
        package let value: Value
        /// The event time of the event that set it.
        package let time: Timestamp
        /// The source of that event.
        package let source: Int32
        /// Its offset.
        package let offset: Int64

        /// Takes a value and the place of the event that set it.
        package init(value: Value, time: Timestamp, source: Int32, offset: Int64) {
            self.value = value
            self.time = time
            self.source = source
            self.offset = offset
        }

        /// The later of a fact and what another source last said: by time, then source, then offset.
        fileprivate static func later(_ kept: Fact?, _ value: Value?, _ time: Timestamp?, _ source: Int32, _ offset: Int64?) -> Fact? {
            guard let value, let time, let offset else { return kept }
            if let kept, (kept.time, kept.source, kept.offset) >= (time, source, offset) { return kept }
            return Fact(value: value, time: time, source: source, offset: offset)
        }
    }

    /// The earliest event time.
    package private(set) var firstSeen: Timestamp
    /// The latest event time.
    package private(set) var lastSeen: Timestamp
    /// Events of every kind.
    package private(set) var messages: Int64 = 0
    /// The sum of their payloads' lengths.
    package private(set) var bytes: Int64 = 0
    /// Telemetry events.
    package private(set) var telemetry: Int64 = 0
    /// Events that repeat one shortly before.
    package private(set) var repeated: Int64 = 0
    /// Events that had outlived what their sender allows.
    package private(set) var expired: Int64 = 0
    /// The earliest time of telemetry.
    package private(set) var firstTelemetry: Timestamp?
    /// The latest time of telemetry.
    package private(set) var lastTelemetry: Timestamp?
    /// The latest time of a property change.
    package private(set) var lastProperty: Timestamp?
    /// The template id that a message last named.
    package private(set) var template: Fact<String>?
    /// The last time that the device was said to have got another template; always true.
    package private(set) var templateAssigned: Fact<Bool>?
    /// What was last said of the connection without a sequence number.
    package private(set) var connection: Fact<DeviceDelta.Connection>?
    /// What was last said of the connection with one.
    package private(set) var hubConnection: Fact<DeviceDelta.Connection>?
    /// What was last said of the identity.
    package private(set) var presence: Fact<DeviceDelta.Presence>?
    /// Whether the device has signed in and was let in.
    package private(set) var provisioned: Fact<Bool>?
    /// Whether the device was approved.
    package private(set) var approved: Fact<Bool>?
    /// Whether an operator lets the device connect.
    package private(set) var access: Fact<DeviceDelta.Access>?
    /// Whether there is no device behind it.
    package private(set) var simulated: Fact<Bool>?
    /// The identities that the id has had.
    package private(set) var lives = DeviceLives()

    /// Takes what each source says of the device; nil where none says anything.
    init?(_ sources: [Int32: DeviceDelta]) {
        guard let any = sources.values.first else { return nil }
        firstSeen = any.firstSeen
        lastSeen = any.lastSeen
        for (source, delta) in sources { merge(delta, from: source) }
    }

    /// The time of the last word on the connection, with or without a sequence number.
    package var connectionTime: Timestamp? { [connection?.time, hubConnection?.time].compactMap(\.self).max() }

    // MARK: -

    private mutating func merge(_ delta: DeviceDelta, from source: Int32) {
        firstSeen = min(firstSeen, delta.firstSeen)
        lastSeen = max(lastSeen, delta.lastSeen)
        messages += delta.messages
        bytes += delta.bytes
        telemetry += delta.telemetry
        repeated += delta.repeated
        expired += delta.expired
        firstTelemetry = [firstTelemetry, delta.firstTelemetry].compactMap(\.self).min()
        lastTelemetry = [lastTelemetry, delta.lastTelemetry].compactMap(\.self).max()
        lastProperty = [lastProperty, delta.lastProperty].compactMap(\.self).max()
        template = Self.later(template, delta.template, source)
        templateAssigned = Self.later(templateAssigned, delta.templateAssigned, source)
        connection = Self.later(connection, delta.connection, source)
        let word = delta.hubConnection
        hubConnection = Fact.later(hubConnection, word?.value, word?.time, source, word?.offset)
        presence = Self.later(presence, delta.presence, source)
        provisioned = Self.later(provisioned, delta.provisioned, source)
        approved = Self.later(approved, delta.approved, source)
        access = Self.later(access, delta.access, source)
        simulated = Self.later(simulated, delta.simulated, source)
        lives.merge(delta.lives, limit: .max)
    }

    private static func later<Value>(_ kept: Fact<Value>?, _ new: LastWriter<Value>?, _ source: Int32) -> Fact<Value>? {
        Fact.later(kept, new?.value, new?.time, source, new?.offset)
    }
}
