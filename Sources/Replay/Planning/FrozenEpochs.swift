import Catalog
import Diagnostics
import EventLog
import JSON
import Postgres
import Projections

/// Where the live generation stands in each source, and what is in force there: what a run begins with.
struct FrozenEpochs {
    struct Source {
        let log: LogSource
        /// How far the base has come.
        let cut: Int64
        /// The base's own epochs.
        let base: [Epoch]
        /// What was decided and the base has not come to: in force from the cut on, as for the base at its next batch.
        let pending: [Epoch]
        /// From where on the version tried is in force.
        var inForce: Int64 = 0
        /// What is replayed.
        var range: Range<Int64>
    }

    private(set) var sources: [Source] = []
    /// The last decision that the candidate has in force at the cut.
    private(set) var controlSeq: Int64
    private var trials: [(seq: Int64, act: ControlAct, isFromCut: Bool)] = []

    /// Reads all of it in the caller's snapshot.
    init(base: Int32, on connection: inout Connection) throws(ReplayError) {
        var tail = ControlTail()
        let (logs, checkpoints, generations) = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try tail.refresh(on: &connection)
            return (try LogSources.all(on: &connection), try Checkpoints.all(on: &connection), try Generations.all(on: &connection))
        }
        let lineage = generations.first { $0.number == base }?.lineage ?? [base]
        controlSeq = tail.last
        for log in logs {
            let checkpoint = checkpoints.first { $0.key == CheckpointKey(projection: .finding, generation: base, source: log.sourceID) }
            let cut = checkpoint?.nextOffset ?? 0
            let (epochs, pending) = try connection.deciding { (connection: inout Connection) throws(CatalogError) in
                (
                    try Epochs.load(generation: base, source: log.sourceID, on: &connection),
                    try tail.epochs(after: checkpoint?.controlSeq ?? 0, fromOffset: cut, lineage: lineage)
                )
            }
            sources.append(Source(log: log, cut: cut, base: epochs, pending: pending, range: 0..<cut))
        }
    }

    /// Puts the version tried in force: over the past where it is tried, and from the cut on for all.
    mutating func decide(
        _ request: ReplayRequest, run: Int32, generation: Int32, tried: TriedVersion?, on connection: inout Connection
    ) throws(ReplayError) {
        for index in sources.indices { try bound(index, request, on: &connection) }
        guard let tried else {
            let body = JSONTree.object(["act": .string("plan"), "run": .integer(run), "generation": .integer(generation)])
            controlSeq = try append(body, request.actor, on: &connection)
            return
        }
        // A trial on some devices is for all others too, but from the cut on. Devices that move to another template do so alone.
        for patterns in request.devices.isEmpty ? [[]] : request.migratesFrom != nil ? [request.devices] : [request.devices, []] {
            let body = ControlBody.replayPlan(
                run: run, generation: generation, templateID: tried.from, versionKey: tried.key, devices: patterns)
            controlSeq = try append(body, request.actor, on: &connection)
            let act = ControlAct.replay(generation: generation, templateID: tried.from, versionKey: tried.key, devices: patterns)
            trials.append((controlSeq, act, !request.devices.isEmpty && patterns.isEmpty))
        }
    }

    private mutating func bound(_ index: Int, _ request: ReplayRequest, on connection: inout Connection) throws(ReplayError) {
        let (source, cut) = (sources[index].log.sourceID, sources[index].cut)
        let (from, to) = try connection.replaying { (connection: inout Connection) throws(PostgresError) -> (Int64?, Int64?) in
            (
                try request.fromTime.map { time throws(PostgresError) in
                    try LogRanges.firstOffset(source: source, from: time, on: &connection) ?? cut
                },
                try request.toTime.map { time throws(PostgresError) in
                    try LogRanges.firstOffset(source: source, from: time, on: &connection) ?? cut
                }
            )
        }
        if let to {
            // A stretch of time alone: the version is in force in all of it, and so is for comparison what was in force before.
            let lower = min(from ?? 0, cut)
            sources[index].range = lower..<max(lower, min(to, cut))
        } else {
            sources[index].inForce = min(from ?? 0, cut)
        }
    }

    private func append(_ body: JSONTree, _ actor: String, on connection: inout Connection) throws(ReplayError) -> Int64 {
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try ControlLog.append(.replay, actor: actor, body: body, on: &connection)
        }
    }

    /// The epochs of the candidate in a source. The past is judged by this program's rules, so no other rule set is in force anywhere in it.
    func epochs(of source: Source) -> [Epoch] {
        let inherited = (source.base + source.pending).map { epoch in
            if case .ruleSet = epoch.act { Epoch(controlSeq: epoch.controlSeq, fromOffset: 0, act: epoch.act) } else { epoch }
        }
        return inherited
            + trials.map { Epoch(controlSeq: $0.seq, fromOffset: $0.isFromCut ? source.cut : source.inForce, act: $0.act) }
    }

    /// Records them.
    func record(generation: Int32, on connection: inout Connection) throws(PostgresError) {
        for source in sources { try Epochs.record(generation: generation, source: source.log.sourceID, epochs(of: source), on: &connection) }
    }

    /// The version of a template that the base judges by at the cut, of the last source that has one.
    func versionInForce(of templateID: String) -> Int32? {
        for source in sources.reversed() {
            let list = EpochList(source.base + source.pending)
            if case .version(let key) = list.resolve(templateRef: templateID, tenant: "", deviceID: "", offset: source.cut) { return key }
        }
        return nil
    }
}
