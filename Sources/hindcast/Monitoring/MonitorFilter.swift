import Diagnostics

/// Which events a monitor shows.
struct MonitorFilter: Sendable {
    /// What device ids have to match; nil for every device, also the unknown one.
    let device: DevicePattern?
    /// The pattern as it was given.
    let deviceText: String?
    let module: DevicePattern?
    let tenant: String?
    /// The earliest event time; nil for any.
    let since: Timestamp?

    init(device: String? = nil, module: String? = nil, tenant: String? = nil, since: Timestamp? = nil) {
        self.device = device.map(DevicePattern.init)
        deviceText = device
        self.module = module.map(DevicePattern.init)
        self.tenant = tenant
        self.since = since
    }

    /// The one device id that is asked for; nil where several may match.
    var onlyDevice: String? { device?.isLiteral == true ? deviceText : nil }

    /// Whether the event is by time, tenant and device one of those asked for. Strings are made only where they are needed.
    func admits(_ event: borrowing DecodedEvent) -> Bool {
        if let since, event.eventTime < since { return false }
        if let tenant, event.string(event.tenant) != tenant { return false }
        if let device, !device.matches(event.string(event.deviceID)) { return false }
        return true
    }

    /// Whether a module is one of those asked for; the device itself has the empty name.
    func admits(module name: String) -> Bool { module?.matches(name) ?? true }
}
