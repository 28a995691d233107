package import Hashing
import JSON

/// Folds property changes into the values of properties: what is reported, what is desired, what the service keeps. Pure, and any chunking gives the same.
package struct PropertyFold: Sendable {
    /// How many names of properties are kept for a device's module; what is beyond is in the log alone.
    ///
    /// As with findings, the names with the smallest hashes are kept, so that which ones they are depends on no order, and a table that changes are
    /// merged into has to be cut in the same way; see `FindingFold.namesPerDay`. A name counts once, whichever of its values are known.
    package static let namesPerModule = 512

    /// Changes since the last `reset`.
    package private(set) var properties: [PropertyKey: PropertyDelta] = [:]

    private var names: [DeviceModule: KeptNames<PropertyKey>] = [:]

    /// Starts with no changes.
    package init() {}

    /// Forgets all changes, keeps the memory.
    package mutating func reset() {
        properties.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
    }

    /// Takes one event in.
    /// - Parameters:
    ///   - event: the event, as the decoder left it.
    ///   - record: the record that the decoder read last.
    ///   - decoder: the decoder.
    ///   - device: the device's number.
    ///   - offset: the event's offset in the source.
    ///   - hash: a hasher between two messages; it is so again afterwards.
    package mutating func apply(
        _ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder, device: Int32, offset: Int64,
        hash: inout SHA256
    ) {
        switch event.kind {
        case .deleted: add(Self.end(of: event), device, offset, &hash)
        case .propertyReported, .propertyDesired, .propertyCloud, .twin:
            guard event.hasDocument, let payload = record.payload, !event.sections.isEmpty else { return }
            let isWhole = event.envelope == .iotHub && DecoderInput(copy record, topic: "").header(.operation, is: "replaceTwin")
            var reading = PropertyReading(event, isWhole: isWhole)
            reading.read(event.sections, in: decoder.document(over: payload))
            for change in reading.changes { add(change, device, offset, &hash) }
        default: break
        }
    }

    // MARK: -

    /// Whatever a device had is gone with it, and a module's with the module.
    private static func end(of event: borrowing DecodedEvent) -> PropertyChange {
        PropertyChange(
            section: .life, module: event.string(event.module), component: PropertyKey.everyComponent, name: "", version: nil, time: event.eventTime,
            value: PropertyValue(text: nil, changedAt: event.eventTime))
    }

    private mutating func add(_ change: PropertyChange, _ device: Int32, _ offset: Int64, _ hash: inout SHA256) {
        let key = PropertyKey(device: device, section: change.section, module: change.module, component: change.component, name: change.name)
        let statement = PropertyDelta.Statement(version: change.version, time: change.time, offset: offset, value: change.value)
        if properties[key]?.add(statement) != nil { return }
        if key.isOwnMark {
            properties[key] = PropertyDelta(statement, nameHash: 0)
            return
        }
        let nameHash = NameHash.of([key.module, key.component, key.name], &hash)
        switch names[DeviceModule(device: device, module: key.module), default: KeptNames()].offer(key, hash: nameHash, limit: Self.namesPerModule) {
        case .rest: break
        case .kept(let giveWay):
            for other in giveWay { properties[other] = nil }
            properties[key] = PropertyDelta(statement, nameHash: nameHash)
        }
    }
}

/// A module of a device.
private struct DeviceModule: Hashable {
    let device: Int32
    let module: String
}
