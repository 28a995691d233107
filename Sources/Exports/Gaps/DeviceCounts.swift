/// What some events add to a device's part of a gap.
struct DeviceCount: Equatable, Sendable {
    var events: Int64 = 0
    var bytes: Int64 = 0
    /// Of them, those that are not expected of a simulated device.
    var realEvents: Int64 = 0
    var realBytes: Int64 = 0

    /// Adds an event, or takes it away.
    mutating func add(_ size: Int, sign: Int64, isOnlyReal: Bool) {
        events += sign
        bytes += sign * Int64(size)
        if isOnlyReal {
            realEvents += sign
            realBytes += sign * Int64(size)
        }
    }
}
