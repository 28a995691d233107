import JSON

/// Folds events into device states and hourly traffic. Pure; commutative over events, so any chunking gives the same sums.
package struct DeviceFold: Sendable {
    /// Changes since the last `reset`, by device.
    package private(set) var devices: [Int32: DeviceDelta] = [:]
    /// Traffic since the last `reset`.
    package private(set) var traffic: [DeviceHour: TrafficDelta] = [:]

    /// Starts with no changes.
    package init() {}

    /// Forgets all changes, keeps the memory.
    package mutating func reset() {
        devices.removeAll(keepingCapacity: true)
        traffic.removeAll(keepingCapacity: true)
    }

    /// Takes one event in. `size` is the payload's length in bytes.
    package mutating func apply(_ event: borrowing DecodedEvent, device: Int32, offset: Int64, size: Int) {
        let time = event.eventTime
        var delta = devices[device] ?? DeviceDelta(at: time)
        delta.firstSeen = min(delta.firstSeen, time)
        delta.lastSeen = max(delta.lastSeen, time)
        delta.messages += 1
        delta.bytes += Int64(size)
        if !event.templateRef.isEmpty, !event.isTemplateOfModule { Self.note(event, time, offset, &delta) }
        switch event.kind {
        case .telemetry:
            delta.telemetry += 1
            delta.firstTelemetry = delta.firstTelemetry.map { min($0, time) } ?? time
            delta.lastTelemetry = delta.lastTelemetry.map { max($0, time) } ?? time
        case .propertyReported, .propertyDesired, .propertyCloud:
            delta.lastProperty = delta.lastProperty.map { max($0, time) } ?? time
        case .twin where !event.sections.isEmpty:
            delta.lastProperty = delta.lastProperty.map { max($0, time) } ?? time
        // The life and the connection of an edge module are not the device's.
        case .connected where !event.module.isEmpty, .disconnected where !event.module.isEmpty, .registered where !event.module.isEmpty,
            .deleted where !event.module.isEmpty:
            break
        case .connected: LastWriter.merge(&delta.connection, LastWriter(value: .connected, time: time, offset: offset))
        case .disconnected: LastWriter.merge(&delta.connection, LastWriter(value: .disconnected, time: time, offset: offset))
        case .registered: LastWriter.merge(&delta.presence, LastWriter(value: .registered, time: time, offset: offset))
        case .deleted: LastWriter.merge(&delta.presence, LastWriter(value: .deleted, time: time, offset: offset))
        case .provisioned: LastWriter.merge(&delta.provisioned, LastWriter(value: true, time: time, offset: offset))
        case .enabled: LastWriter.merge(&delta.access, LastWriter(value: .enabled, time: time, offset: offset))
        case .disabled: LastWriter.merge(&delta.access, LastWriter(value: .disabled, time: time, offset: offset))
        case .twin, .renamed, .templateAssigned, .templateLifecycle, .audit, .errorReport, .exportState, .deliveryReceipt, .tombstone, .unsupported,
            .undecodable:
            break
        }
        devices[device] = delta

        traffic[DeviceHour(device: device, hour: time.hour), default: TrafficDelta()].add(size: size, isTelemetry: event.kind == .telemetry)
    }

    /// Most messages name the template that the one before named; a string is made only for a change.
    private static func note(_ event: borrowing DecodedEvent, _ time: Timestamp, _ offset: Int64, _ delta: inout DeviceDelta) {
        if let kept = delta.template, (kept.time, kept.offset) >= (time, offset) { return }
        if let kept = delta.template, event.bytes(event.templateRef).equals(kept.value) {
            delta.template = LastWriter(value: kept.value, time: time, offset: offset)
        } else {
            delta.template = LastWriter(value: event.string(event.templateRef), time: time, offset: offset)
        }
    }
}
