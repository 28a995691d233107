import JSON

/// Folds events of one source into device states and hourly traffic. Pure; commutative over events, so any chunking gives the same sums.
///
/// Whether an event repeats another one is told, not found here: see `RepeatWindow`, which has to see the events before a chunk.
package struct DeviceFold: Sendable {
    /// Changes since the last `reset`, by device.
    package private(set) var devices: [Int32: DeviceDelta] = [:]
    /// Traffic since the last `reset`.
    package private(set) var traffic: [DeviceHour: TrafficDelta] = [:]
    /// Traffic of whole tenants since the last `reset`.
    package private(set) var tenants: [TenantHour: TenantTraffic] = [:]
    private var last: TenantHour?

    /// Starts with no changes.
    package init() {}

    /// Forgets all changes, keeps the memory.
    package mutating func reset() {
        devices.removeAll(keepingCapacity: true)
        traffic.removeAll(keepingCapacity: true)
        tenants.removeAll(keepingCapacity: true)
        last = nil
    }

    /// Takes one event in.
    ///
    /// - Parameters:
    ///   - size: the payload's length in bytes.
    ///   - isExportable: whether an export of the event's source sends it that has no filter: see ``ExportExpectation/unfiltered(_:_:)``.
    package mutating func apply(
        _ event: borrowing DecodedEvent, device: Int32, offset: Int64, size: Int, isExportable: Bool, isRepeated: Bool = false
    ) {
        let time = event.eventTime
        devices[device, default: DeviceDelta(at: time)].apply(event, offset: offset, size: size, isRepeated: isRepeated)
        let tenantHour = TenantHour(event, after: last)
        traffic[DeviceHour(device: device, hour: tenantHour.hour), default: TrafficDelta()].add(
            event, size: size, isExportable: isExportable, isRepeated: isRepeated)
        tenants[tenantHour, default: TenantTraffic()].add(size: size, isTelemetry: event.kind == .telemetry, isRepeated: isRepeated)
        last = tenantHour
    }
}
