import Diagnostics

extension NaiveJudge {
    /// Paints the timeline of a history onto minutes.
    static func paint(_ history: ExportHistory) -> [GapCause?] {
        let count = Int(RandomHistory.minutes) + 200
        func minute(_ time: Timestamp) -> Int { Int((time.microseconds - SampleHistory.at(0).microseconds) / 60_000_000) }
        let asOf = minute(history.asOf)
        let changes = history.changes.sorted { ($0.time, $0.range == nil ? 0 : 1) < ($1.time, $1.range == nil ? 0 : 1) }

        // The switch, and whether there is anything to switch.
        var off = [Bool](repeating: false, count: count)
        var exportGone = [Bool](repeating: false, count: count)
        var destinationGone = [Bool](repeating: false, count: count)
        var unnamed = [Bool](repeating: false, count: count)
        func fill(_ cells: inout [Bool], from: Int, _ value: Bool) { for index in from..<count { cells[index] = value } }
        for change in changes {
            let at = minute(change.time)
            switch change.act {
            case .defined:
                if exportGone[at] { fill(&off, from: at, false) }
                fill(&exportGone, from: at, false)
                if change.body.contains("destinations") { fill(&unnamed, from: at, !change.body.contains(#""d""#)) }
                if change.body.contains("enabled") { fill(&off, from: at, change.body.contains("false")) }
            case .destinationDefined: fill(&destinationGone, from: at, false)
            case .removed:
                fill(&exportGone, from: at, true)
                fill(&off, from: at, false)
            case .destinationRemoved: fill(&destinationGone, from: at, true)
            case .enabled:
                fill(&exportGone, from: at, false)
                fill(&off, from: at, false)
            case .disabled: fill(&off, from: at, true)
            default: break
            }
        }

        // When it was there for the first time, and whether it is certain when it was made.
        let makers = changes.filter { $0.act != .destinationDefined && $0.act != .destinationRemoved }
        let made = makers.first.flatMap { $0.act == .defined && !$0.isImported ? minute($0.time) : nil } ?? 0
        var absent = [GapCause?](repeating: nil, count: count)
        var wasThere = false
        var index = 0
        while index < count {
            let isGone = exportGone[index] || destinationGone[index] || unnamed[index]
            if !isGone {
                if makers.contains(where: { minute($0.time) <= index }) { wasThere = true }
                index += 1
                continue
            }
            let act = changes.last { minute($0.time) <= index && $0.range == nil }?.act
            let cause: GapCause = wasThere || act == .removed || act == .destinationRemoved ? .removed : .notCreated
            while index < count, exportGone[index] || destinationGone[index] || unnamed[index] {
                absent[index] = cause
                index += 1
            }
        }
        for index in 0..<min(made, count) { absent[index] = .notCreated }

        let failed = paintFailures(changes, off: off, gone: exportGone, asOf: asOf, count: count, minute: minute)
        return (0..<count).map { absent[$0] ?? (off[$0] ? .disabled : nil) ?? failed[$0] }
    }

    /// Failures one after the other, the earlier over the later.
    private static func paintFailures(
        _ changes: [ExportChange], off: [Bool], gone: [Bool], asOf: Int, count: Int, minute: (Timestamp) -> Int
    ) -> [GapCause?] {
        var episodes: [(start: Int, end: Int, cause: GapCause)] = []
        var start: Int?
        var said = 0
        var isFinal = false
        var code = ""
        var taken = Int.min / 2
        func end(_ at: Int) {
            guard let from = start else { return }
            start = nil
            let length = (at == count ? asOf : at) - from
            if isFinal || length > 15 { episodes.append((from, at, FailureCode.cause(code))) }
        }
        for change in changes {
            let at = minute(change.time)
            let since = change.since.map(minute)
            switch change.act {
            case .failing, .failed, .probed:
                let gaveUp = change.act != .failing
                if let from = start {
                    if let since { start = gaveUp && !isFinal ? since : min(from, since) }
                    if !change.code.isEmpty && (code.isEmpty || (gaveUp && !isFinal)) { code = change.code }
                    isFinal = isFinal || gaveUp
                } else {
                    start = since ?? (change.act == .failed ? max(at - 15, taken) : at)
                    isFinal = gaveUp
                    code = change.code
                }
                said = at
            case .recovered:
                end(at)
                taken = at
            case .delivered where start == nil || at > said + 2:
                end(at)
                taken = at
            case .removed, .destinationRemoved: end(at)
            case .disabled where at == 0 || !off[at - 1]: end(at)
            case .enabled where at > 0 && off[at - 1]: end(at)
            case .defined:
                let wasOff = at > 0 && off[at - 1]
                // An export that is made again starts over with its destinations.
                if at > 0, gone[at - 1] { end(at) }
                if change.body.contains("enabled"), wasOff != off[at] { end(at) }
            default: break
            }
        }
        end(count)
        var painted = [GapCause?](repeating: nil, count: count)
        for episode in episodes.sorted(by: { ($0.start, $0.end) > ($1.start, $1.end) }) {
            for index in max(0, episode.start)..<max(0, max(episode.start, episode.end)) { painted[index] = episode.cause }
        }
        return painted
    }
}
