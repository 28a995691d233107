extension ExportChange {
    /// Whether the change is about a route: its export or every export, its destination or every destination.
    package func concerns(_ route: ExportRoute) -> Bool {
        if exportID.isEmpty && destinationID.isEmpty { return false }
        return (exportID.isEmpty || exportID == route.exportID) && (destinationID.isEmpty || destinationID == route.destinationID)
    }
}

/// By time. Of one instant first what takes away, then definitions, then what goes wrong, then what goes well; the rest only makes the order total.
extension ExportChange: Comparable {
    package static func < (a: ExportChange, b: ExportChange) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.act != b.act { return a.act.rank < b.act.rank }
        let (left, right) = (a.since?.microseconds ?? .min, b.since?.microseconds ?? .min)
        if left != right { return left < right }
        if a.isImported != b.isImported { return a.isImported }
        let (texts, others) = (a.texts, b.texts)
        if texts != others { return texts.lexicographicallyPrecedes(others) }
        return a.numbers.lexicographicallyPrecedes(b.numbers)
    }

    private var texts: [String] { [body, exportID, destinationID, code, message, range?.topic ?? ""] }

    private var numbers: [Int64] { [Int64(range?.partition ?? -1), range?.firstOffset ?? -1, range?.lastOffset ?? -1, events ?? -1] }
}

extension ExportChange.Act {
    fileprivate var rank: Int {
        switch self {
        case .removed: 0
        case .destinationRemoved: 1
        case .defined: 2
        case .destinationDefined: 3
        case .disabled: 4
        case .failing: 5
        case .failed: 6
        case .probed: 7
        case .enabled: 8
        case .recovered: 9
        case .delivered: 10
        case .backfilled: 11
        }
    }
}
