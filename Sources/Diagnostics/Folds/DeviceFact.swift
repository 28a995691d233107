/// A value that the last writer set: later event time wins, then the greater offset. Within one source this order is total, so any chunking agrees.
package struct LastWriter<Value: Sendable & Equatable>: Equatable, Sendable {
    package let value: Value
    package let time: Timestamp
    package let offset: Int64

    package init(value: Value, time: Timestamp, offset: Int64) {
        self.value = value
        self.time = time
        self.offset = offset
    }

    /// Keeps the later of the two.
    static func merge(_ kept: inout LastWriter?, _ new: LastWriter) {
        if let old = kept, (old.time, old.offset) >= (new.time, new.offset) { return }
        kept = new
    }
}

/// What a run of events says about one device, beside any template: the change to a row of `device_state`.
package struct DeviceDelta: Equatable, Sendable {
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
    package var messages: Int64 = 0
    package var bytes: Int64 = 0
    package var telemetry: Int64 = 0
    package var firstTelemetry: Timestamp?
    package var lastTelemetry: Timestamp?
    package var lastProperty: Timestamp?
    package var template: LastWriter<String>?
    package var connection: LastWriter<Connection>?
    package var presence: LastWriter<Presence>?
    package var provisioned: LastWriter<Bool>?
    package var access: LastWriter<Access>?

    /// What the service last said of a device's connection.
    package enum Connection: Int16, Sendable { case connected = 1, disconnected = 2 }
    /// Whether a device's identity is there.
    package enum Presence: Int16, Sendable { case registered = 1, deleted = 2 }
    /// Whether an operator lets a device connect.
    package enum Access: Int16, Sendable { case enabled = 1, disabled = 2 }

    init(at time: Timestamp) {
        firstSeen = time
        lastSeen = time
    }
}

/// Traffic of one device in one UTC hour: the change to a row of `device_hour`.
package struct TrafficDelta: Equatable, Sendable {
    package var messages: Int64 = 0
    package var telemetry: Int64 = 0
    package var bytes: Int64 = 0
}

/// A device in an hour.
package struct DeviceHour: Hashable, Sendable {
    package let device: Int32
    package let hour: Timestamp
}
