/// When an export was made, where that is certain: somebody said so, or the first thing that is known of it is an event that defined it. An import only says
/// since when we know of it.
struct CreationEvidence {
    private var first: (time: Timestamp, isMaking: Bool)?
    private var said: Timestamp?

    /// Takes the next change of a route, by time.
    mutating func take(_ change: ExportChange) {
        if change.act == .destinationDefined || change.act == .destinationRemoved { return }
        if change.act == .defined, let since = change.since { said = min(said ?? since, since, change.time) }
        if first == nil { first = (change.time, change.act == .defined && !change.isImported) }
    }

    /// When it was made; nil where that is not certain.
    var time: Timestamp? {
        guard let first else { return nil }
        if let said, said <= first.time { return said }
        return first.isMaking ? first.time : nil
    }
}
