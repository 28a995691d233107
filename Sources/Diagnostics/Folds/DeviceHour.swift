/// A device in an hour.
package struct DeviceHour: Hashable, Sendable {
    /// The device's number.
    package let device: Int32
    /// The start of the UTC hour.
    package let hour: Timestamp
}
