import Diagnostics
import EventLog
import Hashing
import JSON

/// What one batch changes: the folds of every projection that it feeds.
struct BatchChanges {
    /// A generation's part.
    struct Judgement {
        var context: GenerationContext
        var fold: FindingFold
    }

    /// What no template touches.
    var facts = FactFolds()
    var judgements: [Judgement] = []

    /// Starts the same batch over.
    mutating func reset() {
        facts.reset()
        for index in judgements.indices { judgements[index].fold.reset() }
    }

    /// The days of hourly tables that the changes touch.
    var hourLeaves: [HourLeaves.Need] {
        facts.hourLeaves + judgements.flatMap { $0.fold.hourLeaves(generation: $0.context.generation) }
    }
}

/// Folds events into the changes of a batch: decodes the stored bytes once and hands the event to every projection. No I/O.
struct BatchFold: ~Copyable {
    private var decoder = EventDecoder()
    private var event = DecodedEvent()
    private var judge = Judge()
    private var hash = SHA256()
    private var findings: [Finding] = []
    /// Numbers of devices that the log's index, made by another decoder, may not have.
    var devices = DeviceDictionary()
    /// Devices of this batch without a number here: they have to be numbered and the batch folded again.
    var unnumbered: Set<DeviceDictionary.Name> = []
    /// Changes what was found in an event, by its offset: for tests alone, which prove that a rule that is no pure function is caught.
    var alteration: (@Sendable (inout [Finding], Int64) -> Void)?

    /// Takes one event in.
    mutating func apply(_ logged: borrowing LoggedEvent, settings: SourceSettings, to changes: inout BatchChanges) {
        decoder.decode(logged.record, settings: settings, into: &event)
        guard let device = device(of: logged) else { return }
        changes.facts.apply(event, logged.record, decoder: decoder, device: device, offset: logged.offset, hash: &hash)
        for index in changes.judgements.indices {
            let applied = changes.judgements[index].context.resolve(event, device: device, offset: logged.offset)
            Self.judge(event, logged.record, by: applied, decoder: decoder, &judge, into: &findings)
            alteration?(&findings, logged.offset)
            changes.judgements[index].fold.apply(
                event, findings: findings, template: applied.inForce, device: device, offset: logged.offset, hash: &hash)
        }
    }

    /// Shows an event that was folded in before to a window that has to know what follows it.
    mutating func remember(_ logged: borrowing LoggedEvent, settings: SourceSettings, in window: inout RepeatWindow) {
        decoder.decode(logged.record, settings: settings, into: &event)
        _ = window.isRepeat(event, payload: logged.record.payload, offset: logged.offset)
    }

    // MARK: -

    /// The log's own number where this program's decoder made it.
    private mutating func device(of logged: borrowing LoggedEvent) -> Int32? {
        if logged.decoder == EventDecoder.version { return logged.deviceKey }
        if let known = devices.key(of: event) { return known }
        unnumbered.insert(devices.name(of: event))
        return nil
    }

    private static func judge(
        _ event: borrowing DecodedEvent, _ record: borrowing RecordView, by applied: GenerationContext.Applied, decoder: borrowing EventDecoder,
        _ judge: inout Judge, into findings: inout [Finding]
    ) {
        findings.removeAll(keepingCapacity: true)
        let failure: Finding? = if case .unusable(_, let failure) = applied { failure } else { nil }
        judge.judge(event, payload: record.payload, decoder: decoder, template: applied.inForce, failure: failure, into: &findings)
    }
}
