import Diagnostics
import EventLog
import Postgres
import Projections

/// One device's events out of the log, folded as the live projection folds them.
struct DevicePast {
    let device: DeviceRow
    private let key: Int32
    private let sources: [Int32: SourceSettings]

    init(_ device: DeviceRow, on connection: inout Connection) throws {
        self.device = device
        guard let key = try DeviceReader.keys(of: device.device, tenant: device.tenant, on: &connection).first else {
            throw OperatorError(.unknown, "The log has no device \"\(device.device)\" of tenant \"\(device.tenant)\", though the views have one.")
        }
        self.key = key
        var sources: [Int32: SourceSettings] = [:]
        for source in try LogSources.all(on: &connection) { sources[source.sourceID] = source.settings }
        self.sources = sources
    }

    /// Hands out the device's events up to and with a time, in the order of event time, each with the state after it.
    ///
    /// - Returns: the history after the last event, and the time of the first event in each source.
    func fold(
        through time: Timestamp, on connection: inout Connection,
        _ body: (borrowing DecodedEvent, EventPosition, borrowing DeviceHistory) -> Void = { _, _, _ in }
    ) throws -> (history: DeviceHistory, first: [Int32: Timestamp]) {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var history = DeviceHistory()
        var first: [Int32: Timestamp] = [:]
        try DeviceReader.read(device: key, through: time, on: &connection) { source, logged in
            decoder.decode(logged.record, settings: sources[source] ?? SourceSettings(), into: &event)
            // What this program's decoder reads counts, as in the projections.
            guard event.string(event.deviceID) == device.device, event.string(event.tenant) == device.tenant, event.eventTime <= time else { return }
            if first[source] == nil { first[source] = event.eventTime }
            history.apply(event, source: source, offset: logged.offset, size: logged.record.payload?.byteCount ?? 0)
            body(event, EventPosition(source: source, offset: logged.offset), history)
        }
        return (history, first)
    }

    /// What retention has taken of the device's events up to a time, as a sentence; nil where all are there.
    ///
    /// - Parameter first: the first event that is still there, by source.
    func loss(through time: Timestamp, first: [Int32: Timestamp], on connection: inout Connection) throws -> String? {
        let holes = try LogHole.all(on: &connection).filter { $0.reason == .retention }
        let seen = try DeviceFirstSeen.read(device: key, on: &connection)
        let lost = seen.filter { source, earliest in
            earliest <= time && holes.contains { $0.source == source } && first[source].map { $0 > earliest } ?? true
        }
        guard let since = lost.values.min() else { return nil }
        let kept = lost.keys.compactMap { first[$0] }.min().map { ", and the log still has those from \($0.rfc3339) on" } ?? ""
        return
            "Retention has taken part of the history of device \"\(device.device)\": its events begin at \(since.rfc3339)\(kept), so its state up to then cannot be folded."
    }
}

/// Where an event stands.
struct EventPosition: Hashable, Sendable, CustomStringConvertible {
    let source: Int32
    let offset: Int64

    var description: String { "\(source):\(offset)" }
}
