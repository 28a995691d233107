package import Hashing

/// Folds error reports into counts per device and code. Pure, and any chunking gives the same.
package struct ErrorFold: Sendable {
    /// How many codes that the catalogue does not know are told apart per device; the rest is counted in one row, whose code is `*`.
    ///
    /// Those with the smallest hashes are, as with the names of findings; see `FindingFold.namesPerDay`.
    package static let unknownPerDevice = 64

    /// Errors since the last `reset`.
    package private(set) var errors: [ErrorKey: ErrorDelta] = [:]

    private var names: [Int32: KeptNames<ErrorKey>] = [:]

    /// Starts with no changes.
    package init() {}

    /// Forgets all changes, keeps the memory.
    package mutating func reset() {
        errors.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
    }

    /// Takes one event in; the parameters are those of `PropertyFold.apply`.
    package mutating func apply(
        _ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder, device: Int32, offset: Int64,
        hash: inout SHA256
    ) {
        switch event.kind {
        case .errorReport, .deliveryReceipt:
            if let report = ErrorReport.read(event, record, decoder: decoder) { add(report, device, event.eventTime, offset, &hash) }
        default: break
        }
    }

    // MARK: -

    private mutating func add(_ report: ErrorReport, _ device: Int32, _ time: Timestamp, _ offset: Int64, _ hash: inout SHA256) {
        let row = bounded(ErrorKey(device: device, name: report.name), &hash)
        let delta = ErrorDelta(report.message, time: time, offset: offset, nameHash: row.nameHash)
        if errors[row.key]?.add(delta) == nil { errors[row.key] = delta }
    }

    /// The row that a code goes to, as in `FindingFold`.
    private mutating func bounded(_ key: ErrorKey, _ hash: inout SHA256) -> (key: ErrorKey, nameHash: Int64) {
        if ErrorCatalogue.isKnown(key.name) { return (key, 0) }
        if key == key.rest { return (key, RestRow.nameHash) }
        if let kept = errors[key] { return (key, kept.nameHash) }
        let nameHash = NameHash.of([key.name.origin.rawValue, String(key.name.status), key.name.subcode], &hash)
        switch names[key.device, default: KeptNames()].offer(key, hash: nameHash, limit: Self.unknownPerDevice) {
        case .rest: return (key.rest, RestRow.nameHash)
        case .kept(let giveWay):
            for other in giveWay { moveToRest(other) }
            return (key, nameHash)
        }
    }

    private mutating func moveToRest(_ key: ErrorKey) {
        guard let row = errors.removeValue(forKey: key) else { return }
        if errors[key.rest]?.add(row) == nil { errors[key.rest] = row.moved(nameHash: RestRow.nameHash) }
    }
}
