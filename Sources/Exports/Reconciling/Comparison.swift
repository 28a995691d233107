import Diagnostics
import EventLog
import Hashing
import Postgres

/// One comparison under way: first takes what the destination has, then what was expected.
///
/// A class, since closures that read the log and the destination write to it, and a hash is no value to copy.
final class Comparison {
    private let tenant: SourceSettings
    private let times: Range<Timestamp>
    private let settings: ReconciliationSettings
    private var slice = TimeSlice(index: 0, count: 1)
    private var table = FingerprintTable()
    private var decoder = EventDecoder()
    private var event = DecodedEvent()
    private var hash = SHA256()
    private var deliveredTimes: DeliveredTimes
    private(set) var missing: [MissingEvent] = []
    private(set) var result: Reconciliation

    init(route: ExportRoute, times: Range<Timestamp>, settings: ReconciliationSettings) {
        tenant = SourceSettings(tenant: route.tenant)
        self.times = times
        self.settings = settings
        deliveredTimes = DeliveredTimes(times)
        result = Reconciliation(route: route, times: times)
    }

    /// Whether there are more missing events than are kept.
    var isOverfull: Bool { missing.count > settings.missingLimit }

    /// Begins a round with an empty table.
    func begin(_ slice: TimeSlice) {
        self.slice = slice
        result.rounds = slice.count
        table = FingerprintTable()
    }

    /// A message of the destination.
    func has(_ record: borrowing RecordView) {
        // Without the broker's time: a message that was sent again long after its event is no less true for it.
        let bare = RecordView(
            key: record.key, headers: record.headers, payload: record.payload, brokerTime: nil, ingestTime: record.ingestTime)
        decoder.decode(bare, settings: tenant, into: &event)
        guard times.contains(event.eventTime), slice.holds(ExportMessage.time(of: event)) else { return }
        for part in 0..<ExportMessage.parts(of: event) {
            let fingerprint = EventFingerprint.of(event, bare, decoder: decoder, part: part, &hash)
            table.add(fingerprint, at: record.brokerTime)
        }
    }

    /// An event of the log and what the export should have made of it.
    func expects(
        _ logged: borrowing LoggedEvent, source: Int32, device: Int32, _ event: borrowing DecodedEvent, decoder: borrowing EventDecoder,
        _ verdict: ExportExpectation.Verdict
    ) {
        switch verdict {
        case .notConcerned, .filtered: return
        case .malformed:
            guard slice.index == 0 else { return }
            result.malformed += 1
            keep(logged, source, device, event, isMalformed: true)
        case .expected, .undecided:
            compare(logged, source, device, event, decoder, isSure: verdict == .expected)
        }
    }

    /// Ends a round.
    func end() {
        let left = table.leftovers
        result.repeated += left.repeated
        result.unexpected += left.unexpected
        table = FingerprintTable()
    }

    /// Ends the comparison: missing events by time, with the runs that they form.
    func conclude() {
        missing.sort { ($0.time, $0.source, $0.offset) < ($1.time, $1.source, $1.offset) }
        var runs = MissingRuns(grace: settings.grace)
        var last = times.lowerBound
        for index in missing.indices {
            if deliveredTimes.isAny(after: last, before: missing[index].time) { runs.delivered() }
            missing[index].run = runs.missing(at: missing[index].time, isMalformed: missing[index].isMalformed)
            last = missing[index].time
        }
    }

    // MARK: -

    /// An event that makes several messages is there where all of them are.
    private func compare(
        _ logged: borrowing LoggedEvent, _ source: Int32, _ device: Int32, _ event: borrowing DecodedEvent, _ decoder: borrowing EventDecoder,
        isSure: Bool
    ) {
        guard slice.holds(ExportMessage.time(of: event)) else { return }
        var found = true
        var arrived: Timestamp?
        for part in 0..<ExportMessage.parts(of: event) {
            let fingerprint = EventFingerprint.of(event, logged.record, decoder: decoder, part: part, &hash)
            guard let time = table.take(fingerprint) else {
                found = false
                continue
            }
            arrived = arrived ?? time
        }
        guard isSure else {
            if !found { result.undecided += 1 }
            return
        }
        result.expected += 1
        if found {
            result.delivered += 1
            deliveredTimes.add(event.eventTime)
            if let arrived, arrived.microseconds - event.eventTime.microseconds > settings.grace { result.late += 1 }
        } else {
            result.missing += 1
            keep(logged, source, device, event, isMalformed: false)
        }
    }

    private func keep(_ logged: borrowing LoggedEvent, _ source: Int32, _ device: Int32, _ event: borrowing DecodedEvent, isMalformed: Bool) {
        missing.append(
            MissingEvent(
                time: event.eventTime, offset: logged.offset, source: source, device: device,
                bytes: Int32(clamping: logged.record.payload?.byteCount ?? 0), isMalformed: isMalformed))
    }
}
