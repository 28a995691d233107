import Diagnostics

/// Instants and changes of one route, for people to read: times are minutes after a day's start.
enum SampleHistory {
    static let route = ExportRoute(tenant: "app", exportID: "e", destinationID: "d")
    static let grace: Int64 = 120_000_000

    /// So many minutes and seconds after the day's start.
    static func at(_ minutes: Int64, _ seconds: Int64 = 0) -> Timestamp {
        Timestamp(microseconds: 1_704_153_600_000_000 + (minutes * 60 + seconds) * 1_000_000)
    }

    /// One change; times are minutes.
    static func change(
        _ act: ExportChange.Act, _ minutes: Int64, _ seconds: Int64 = 0, since: Int64? = nil, code: String = "", body: String = "",
        isImported: Bool = false
    ) -> ExportChange {
        let isOfDestination = ![.defined, .removed, .enabled, .disabled].contains(act)
        let isOfExport = act != .destinationDefined && act != .destinationRemoved
        return ExportChange(
            act, time: at(minutes, seconds), exportID: isOfExport ? "e" : "", destinationID: isOfDestination ? "d" : "", since: since.map { at($0) },
            code: code, body: body, isImported: isImported)
    }

    /// A receipt.
    static func receipt(_ first: Int64, _ last: Int64, _ minutes: Int64, partition: Int32 = 0, events: Int64? = nil) -> ExportChange {
        ExportChange(
            .delivered, time: at(minutes), exportID: "e", destinationID: "d",
            range: ReceiptRange(topic: "t", partition: partition, firstOffset: first, lastOffset: last), events: events)
    }

    /// What the log has where a receipt counts too few: an event a minute, at the minute's offset.
    static func short(_ first: Int64, _ last: Int64, events: Int64, partition: Int32 = 0) -> ShortReceipt {
        ShortReceipt(
            range: ReceiptRange(topic: "t", partition: partition, firstOffset: first, lastOffset: last), events: events, expected: last - first + 1,
            start: at(first), end: at(last))
    }

    /// A history that is judged at a minute; by default all of it is long past.
    static func history(
        _ changes: [ExportChange], holes: [ReceiptHole] = [], short: [ShortReceipt] = [], reconciliations: [ReconciledStretch] = [],
        silences: [Range<Timestamp>] = [], expectedSince: Int64? = 0, isBound: Bool = false, isCountable: Bool = true, asOf: Int64 = 1000
    ) -> ExportHistory {
        ExportHistory(
            route: route, changes: changes, isBound: isBound, isCountable: isCountable, expectedSince: expectedSince.map { at($0) }, holes: holes,
            shortReceipts: short, reconciliations: reconciliations, silences: silences, asOf: at(asOf))
    }

    /// Events that are missing between two minutes, both included.
    static func run(_ from: Int64, _ to: Int64, isMalformed: Bool = false) -> MissingRun {
        MissingRun(start: at(from), end: at(to), events: to - from + 1, isMalformed: isMalformed)
    }

    /// A comparison of the minutes from one to before another.
    static func stretch(_ id: Int64, _ from: Int64, _ to: Int64, asOf: Int64 = 1000, _ runs: MissingRun...) -> ReconciledStretch {
        ReconciledStretch(id: id, from: at(from), to: at(to), asOf: at(asOf), runs: runs)
    }

    /// What the log has between receipts.
    static func hole(_ first: Int64, _ last: Int64, partition: Int32 = 0, _ runs: MissingRun...) -> ReceiptHole {
        ReceiptHole(range: ReceiptRange(topic: "t", partition: partition, firstOffset: first, lastOffset: last), runs: runs)
    }

    /// The gaps as lines: cause, certainty, minutes from and to; seconds where there are any, and a microsecond that ends a run is left out.
    static func lines(_ history: ExportHistory, settings: GapSettings = GapSettings()) -> [String] {
        GapFinder.gaps(in: history, settings: settings).map(line)
    }

    static func line(_ gap: FoundGap) -> String {
        let extent =
            switch gap.extent {
            case .time: ""
            case .offsets(let topic, let partition, let first, let last): " \(topic)/\(partition) \(first)-\(last)"
            case .listed(let number): " #\(number)"
            }
        return "\(gap.cause.rawValue) \(gap.certainty.rawValue) \(minutes(gap.start))..\(gap.end.map(minutes) ?? "")\(extent)"
    }

    private static func minutes(_ time: Timestamp) -> String {
        let micros = time.microseconds - at(0).microseconds
        let seconds = micros / 1_000_000
        let rest = seconds % 60
        return "\(seconds / 60)" + (rest == 0 ? "" : ":\(rest)") + (micros % 1_000_000 == 1 ? "+" : "")
    }
}
