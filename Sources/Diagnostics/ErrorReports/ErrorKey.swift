/// What identifies a row of `device_error`.
package struct ErrorKey: Hashable, Sendable {
    /// The device's number.
    package let device: Int32
    /// The error.
    package let name: ErrorName

    /// The one row of a device for errors that are not told apart.
    var rest: ErrorKey { ErrorKey(device: device, name: ErrorName(origin: .other, status: 0, subcode: "*")) }
}
