/// Reads a route's changes, in order, into windows that may overlap; see `ExportTimeline`.
struct TimelineReading {
    private struct Failure {
        var start: Timestamp
        /// The last time that it was spoken of.
        var saidAt: Timestamp
        /// Whether the service gave up.
        var isFinal: Bool
        var code: String
        var message: String
    }

    private let route: ExportRoute
    private let settings: GapSettings
    /// What was read so far.
    private(set) var windows: [TimelineWindow] = []

    private var exportExists: Bool?
    private var destinationExists: Bool?
    private var isTarget: Bool?
    /// Whether anything was said of the export itself: a destination alone says nothing of one that sends to it.
    private var isExportKnown = false
    private var hasBeenThere = false
    private var absence: (from: Timestamp, cause: GapCause, evidence: String)?
    private var offSince: Timestamp?
    private var failure: Failure?
    /// The last time that the destination was seen to take messages.
    private var lastTaken: Timestamp?
    /// Since when anything is known.
    private var knownSince: Timestamp?
    private var creation = CreationEvidence()

    init(_ route: ExportRoute, settings: GapSettings) {
        self.route = route
        self.settings = settings
    }

    private var isThere: Bool { exportExists != false && destinationExists != false && isTarget != false }

    /// Takes the next change in.
    mutating func take(_ change: ExportChange) {
        if knownSince == nil { knownSince = change.time }
        creation.take(change)
        if change.act != .destinationDefined, change.act != .destinationRemoved { isExportKnown = true }
        switch change.act {
        case .defined: define(change)
        case .destinationDefined: destinationExists = true
        case .removed:
            exportExists = false
            endFailure(at: change.time)
            endOff(at: change.time)
        case .destinationRemoved:
            destinationExists = false
            endFailure(at: change.time)
        case .enabled: enable(at: change.time)
        case .disabled: disable(at: change.time)
        case .failing, .failed, .probed: fail(change)
        case .recovered:
            endFailure(at: change.time)
            lastTaken = change.time
        case .delivered:
            // A receipt may be about messages of before the trouble, as long as those can be under way.
            if let failure, change.time <= failure.saidAt.shifted(by: settings.grace) { break }
            endFailure(at: change.time)
            lastTaken = change.time
        case .backfilled: break
        }
        follow(change)
    }

    /// Ends what is open, and says what was before anything was known.
    mutating func finish(asOf: Timestamp) {
        if let absence { windows.append(TimelineWindow(.absent, from: absence.from, to: .endless, cause: absence.cause, evidence: absence.evidence)) }
        endOff(at: .endless)
        if let failure, !failure.isFinal, asOf.distance(since: failure.start) <= settings.retryLimit {
            windows.append(TimelineWindow(.failing, from: failure.start, to: .endless, code: failure.code, message: failure.message))
        } else {
            endFailure(at: .endless)
        }
        let created = creation.time
        if let created {
            windows.append(
                TimelineWindow(.absent, from: .earliest, to: created, cause: .notCreated, evidence: "The export was made at the gap's end."))
        }
        let known = min(created ?? .endless, knownSince ?? .endless)
        windows.append(TimelineWindow(.unknown, from: .earliest, to: known))
        if known < .endless { windows.append(TimelineWindow(.on, from: known, to: .endless)) }
    }

    // MARK: -

    private mutating func define(_ change: ExportChange) {
        let said = DefinedSwitch(change.body)
        if exportExists == false {
            endFailure(at: change.time)
            endOff(at: change.time)
        }
        exportExists = true
        if let sends = said.sends(to: route.destinationID) { isTarget = sends }
        switch said.isEnabled {
        case true?: enable(at: change.time)
        case false?: disable(at: change.time)
        case nil: break
        }
    }

    private mutating func enable(at time: Timestamp) {
        exportExists = true
        guard offSince != nil else { return }
        // Switching an export off and on again makes the service start over with its destinations.
        endFailure(at: time)
        endOff(at: time)
    }

    private mutating func disable(at time: Timestamp) {
        guard offSince == nil else { return }
        offSince = time
        endFailure(at: time)
    }

    private mutating func fail(_ change: ExportChange) {
        let since = change.since.map { min($0, change.time) }
        let isFinal = change.act != .failing
        if var open = failure {
            open.saidAt = change.time
            // Of one that the service gave up on, the first word about its beginning that is the earliest; a word of the final event before a guess.
            if let since { open.start = isFinal && !open.isFinal ? since : min(open.start, since) }
            if !change.code.isEmpty && (open.code.isEmpty || (isFinal && !open.isFinal)) {
                open.code = change.code
                open.message = change.message
            } else if open.message.isEmpty {
                open.message = change.message
            }
            open.isFinal = open.isFinal || isFinal
            failure = open
            return
        }
        var start = since ?? change.time
        if since == nil, change.act == .failed {
            start = max(change.time.shifted(by: -settings.retryLimit), min(lastTaken ?? .earliest, change.time))
        }
        failure = Failure(start: start, saidAt: change.time, isFinal: isFinal, code: change.code, message: change.message)
    }

    private mutating func endFailure(at time: Timestamp) {
        guard let ended = failure else { return }
        failure = nil
        guard ended.isFinal || time.distance(since: ended.start) > settings.retryLimit else {
            windows.append(TimelineWindow(.failing, from: ended.start, to: time, code: ended.code, message: ended.message))
            return
        }
        let said = [ended.code, ended.message].filter { !$0.isEmpty }.joined(separator: ": ")
        let evidence = said.isEmpty ? "The service gave up on the destination." : "The service gave up on the destination: \(said)"
        windows.append(
            TimelineWindow(
                .failed, from: ended.start, to: time, code: ended.code, message: ended.message, cause: FailureCode.cause(ended.code),
                evidence: evidence))
    }

    private mutating func endOff(at time: Timestamp) {
        guard let from = offSince else { return }
        offSince = nil
        windows.append(TimelineWindow(.off, from: from, to: time, cause: .disabled, evidence: "The export was switched off."))
    }

    /// Opens and ends the absence that a change makes.
    private mutating func follow(_ change: ExportChange) {
        if isThere {
            if isExportKnown { hasBeenThere = true }
            guard let absent = absence else { return }
            absence = nil
            windows.append(TimelineWindow(.absent, from: absent.from, to: change.time, cause: absent.cause, evidence: absent.evidence))
        } else if absence == nil {
            let wasMade = hasBeenThere || change.act == .removed || change.act == .destinationRemoved
            let what = exportExists == false ? "The export was removed." : "The export does not send to the destination."
            absence = (change.time, wasMade ? .removed : .notCreated, destinationExists == false ? "The destination was removed." : what)
        }
    }
}
