import Diagnostics
import Postgres

/// What this program's decoder makes of a batch of logged events: columns side by side, as the statement takes them.
struct ReindexBatch: Sendable {
    let source: Int32
    private(set) var segments: [Int16] = []
    private(set) var offsets: [Int64] = []
    private(set) var devices: [Int32] = []
    private(set) var kinds: [Int16] = []
    private(set) var envelopes: [Int16] = []
    private(set) var eventTimes: [PostgresTimestamp] = []
    private(set) var deviceTimes: [PostgresTimestamp?] = []
    private(set) var modules: [String?] = []
    private(set) var components: [String?] = []
    private(set) var templateRefs: [String?] = []
    /// Devices that have no number in the cache, and the rows that wait for one.
    private var waiting: [(row: Int, name: DeviceDictionary.Name)] = []

    init(source: Int32) { self.source = source }

    var isEmpty: Bool { offsets.isEmpty }
    /// The devices to be numbered before the batch is written.
    var unnumbered: Set<DeviceDictionary.Name> { Set(waiting.map(\.name)) }

    mutating func append(_ event: borrowing DecodedEvent, of logged: borrowing LoggedEvent, devices dictionary: inout DeviceDictionary) {
        if let key = dictionary.key(of: event) {
            devices.append(key)
        } else {
            waiting.append((devices.count, dictionary.name(of: event)))
            devices.append(0)
        }
        // A leaf's CHECK holds the time of ingest to the leaf's day.
        segments.append(logged.record.ingestTime.day)
        offsets.append(logged.offset)
        kinds.append(Int16(event.kind.rawValue))
        envelopes.append(Int16(event.envelope.rawValue))
        eventTimes.append(PostgresTimestamp(event.eventTime))
        deviceTimes.append(event.deviceTime.map { PostgresTimestamp($0) })
        modules.append(Self.text(event.module, of: event))
        components.append(Self.text(event.component, of: event))
        templateRefs.append(Self.text(event.templateRef, of: event))
    }

    /// Puts the numbers of new devices in.
    mutating func number(by keys: [DeviceDictionary.Name: Int32]) {
        for (row, name) in waiting {
            guard let key = keys[name] else { preconditionFailure("Cannot number a device that was just resolved") }
            devices[row] = key
        }
        waiting.removeAll()
    }

    private static func text(_ field: DecodedEvent.Field, of event: borrowing DecodedEvent) -> String? {
        field.isEmpty ? nil : event.string(field)
    }
}
