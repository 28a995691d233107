import Catalog
import DTDL
import Diagnostics
import EventLog
package import Postgres
import Projections

/// Plans a run: freezes the epochs and the cut in one snapshot of the database, copies what the live generation says there, and cuts the chunks.
package enum ReplayPlanner {
    /// Plans a run. Nothing is visible but its row, until it is promoted.
    ///
    /// - Throws: ``ReplayError/Code/requestInvalid``, and errors of the catalog where the template is none or unknown.
    package static func plan(_ request: ReplayRequest, on connection: inout Connection) throws(ReplayError) -> ReplayPlan {
        try check(request)
        var attempts = 0
        while true {
            do throws(ReplayError) {
                // One snapshot: what is copied is exactly what the live generation said where its checkpoints stood.
                return try connection.withTransaction(isolation: .repeatableRead) { (connection: inout Connection) throws(ReplayError) in
                    try freeze(request, on: &connection)
                }
            } catch {
                attempts += 1
                // Somebody decided something between the snapshot and the plan's own control event.
                guard attempts < 10, error.database?.isRetriable == true else { throw error }
            }
        }
    }

    private static func check(_ request: ReplayRequest) throws(ReplayError) {
        if let from = request.fromTime, let to = request.toTime, from >= to {
            throw ReplayError(
                .requestInvalid, "The stretch begins at \(from.rfc3339) and ends at \(to.rfc3339), expected its end after its beginning.")
        }
        for pattern in request.devices where pattern.isEmpty || pattern.utf8.count > BoundedText.identifierLimit || pattern.utf8.contains(0) {
            throw ReplayError(
                .requestInvalid,
                "A device pattern has \(pattern.utf8.count) bytes, expected 1 to \(BoundedText.identifierLimit) without NUL: no device id is longer.")
        }
        if request.migratesFrom != nil, request.devices.isEmpty {
            throw ReplayError(
                .requestInvalid, "No devices were named that get another template, expected at least one id or pattern such as \"pump-*\".")
        }
        guard request.chunkEvents > 0 else {
            throw ReplayError(.requestInvalid, "A chunk of \(request.chunkEvents) events was asked for, expected 1 at least.")
        }
    }

    private static func freeze(_ request: ReplayRequest, on connection: inout Connection) throws(ReplayError) -> ReplayPlan {
        let base = try base(request, on: &connection)
        let tried = try version(request, on: &connection)
        var frozen = try FrozenEpochs(base: base, on: &connection)
        try checkInForce(request, frozen, on: &connection)
        let generation = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try Generations.create(base: base, on: &connection)
        }
        let insert = InsertRun(request: request, generation: generation, base: base, tried: tried)
        let run = try connection.replaying { (connection: inout Connection) throws(PostgresError) in try connection.queryOne(insert) }
        guard let run else { throw ReplayError(.database, "Inserting a run returned no row, expected its number.") }

        try frozen.decide(request, run: run, generation: generation, tried: tried, on: &connection)
        let touched = try TouchedDevices(request, tried, in: frozen, on: &connection)
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            try frozen.record(generation: generation, on: &connection)
            try Checkpoints.place(
                frozen.sources.map { CheckpointPlace(source: $0.log.sourceID, nextOffset: 0, controlSeq: 0) }, generation: generation, on: &connection
            )
            try connection.execute(BeginReplay(run: run, base: request.toTime == nil ? base : nil))
            if let keys = touched.keys { _ = try connection.execute(InsertTouched(run: run, keys: keys)) }
        }
        let sources = try chunk(request, run, frozen, on: &connection)
        let lost = sources.reduce(0) { $0 + $1.lost }
        let obstacle = obstacle(request, lost: lost)
        try connection.replaying { (connection: inout Connection) throws(PostgresError) in
            _ = try connection.execute(
                FinishPlan(run: run, readsAll: touched.keys == nil, obstacle: obstacle, lost: lost, controlSeq: frozen.controlSeq, base: base))
        }
        let planned = try ReplayRuns.show(run, on: &connection)
        return ReplayPlan(
            run: planned, sources: sources, changes: try changes(tried, frozen, on: &connection), reasonForAll: touched.reasonForAll)
    }

    private static func base(_ request: ReplayRequest, on connection: inout Connection) throws(ReplayError) -> Int32 {
        guard let wanted = request.base else {
            return try connection.deciding { (connection: inout Connection) throws(CatalogError) in try Generations.live(on: &connection) }
        }
        let tailing = try connection.replaying { (connection: inout Connection) throws(PostgresError) in try Generations.tailing(on: &connection) }
        guard tailing.contains(where: { $0.number == wanted }) else {
            throw ReplayError(
                .requestInvalid,
                "Generation \(wanted) is not kept up, so it cannot be built again for comparison; expected one of \(tailing.map { "\($0.number)" }.joined(separator: ", "))."
            )
        }
        return wanted
    }

    private static func version(_ request: ReplayRequest, on connection: inout Connection) throws(ReplayError) -> TriedVersion? {
        try connection.deciding { (connection: inout Connection) throws(CatalogError) in
            switch request.template {
            case .asLive: return nil
            case .document(let bytes):
                let draft = try TemplateDrafts.keep(bytes, on: &connection)
                return TriedVersion(key: draft.key, templateID: draft.templateID, from: request.migratesFrom ?? draft.templateID)
            case .version(let templateID, let reference):
                let version = try Templates.show(templateID, version: reference, on: &connection).version
                return TriedVersion(key: version.key, templateID: templateID, from: request.migratesFrom ?? templateID)
            }
        }
    }

    /// Whoever names a version that devices are to leave has to mean the one that is in force.
    private static func checkInForce(_ request: ReplayRequest, _ frozen: FrozenEpochs, on connection: inout Connection) throws(ReplayError) {
        guard let templateID = request.migratesFrom, let reference = request.migratesFromReference else { return }
        let version = try connection.deciding { (connection: inout Connection) throws(CatalogError) in
            try Templates.show(templateID, version: reference, on: &connection).version
        }
        if let key = frozen.versionInForce(of: templateID), key == version.key { return }
        throw ReplayError(
            .requestInvalid,
            "Version \(version.version) of template \"\(templateID)\" is not in force, so no device has it; `hindcast template list` shows which one is."
        )
    }

    /// Why a run can never be promoted.
    private static func obstacle(_ request: ReplayRequest, lost: Int64) -> String? {
        if request.purpose == .verify { return "It only verifies." }
        if request.purpose == .whatIf { return "It was planned to be looked at only." }
        if request.toTime != nil {
            return "It covers a stretch of time only, and findings are kept without their times, so the rest cannot be joined to it."
        }
        if lost > 0, !request.acceptsLoss {
            return
                "Retention has taken \(lost) events, which the live generation still counts and this one cannot; plan with --accept-loss to give them up."
        }
        return nil
    }

    private static func chunk(
        _ request: ReplayRequest, _ run: Int32, _ frozen: FrozenEpochs, on connection: inout Connection
    ) throws(ReplayError) -> [ReplayPlan.Source] {
        var sources: [ReplayPlan.Source] = []
        var next: Int32 = 1
        for source in frozen.sources {
            let id = source.log.sourceID
            let first = next
            let row = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                let ranges = try LogRanges.cut(source: id, range: source.range, events: Int64(request.chunkEvents), on: &connection)
                let lost = try LogRanges.dropped(source: id, on: &connection)
                try connection.execute(InsertChunks(run: run, source: id, first: first, ranges: ranges))
                let row = ReplayPlan.Source(
                    source: id, topic: source.log.topic, partition: source.log.partition, cut: source.cut, inForce: source.inForce,
                    events: ranges.reduce(0) { $0 + $1.events }, lost: lost, chunks: ranges.count)
                try connection.execute(InsertRunSource(run: run, row: row, range: source.range, controlSeq: frozen.controlSeq))
                return row
            }
            next += Int32(row.chunks)
            sources.append(row)
        }
        return sources
    }

    private static func changes(
        _ tried: TriedVersion?, _ frozen: FrozenEpochs, on connection: inout Connection
    ) throws(ReplayError) -> [TemplateChange] {
        guard let tried, let before = frozen.versionInForce(of: tried.from) else { return [] }
        let documents = try connection.deciding { (connection: inout Connection) throws(CatalogError) in
            (try Templates.document(before, on: &connection), try Templates.document(tried.key, on: &connection))
        }
        do throws(TemplateError) {
            return TemplateComparison(from: try DeviceTemplate(bytes: documents.0), to: try DeviceTemplate(bytes: documents.1)).changes
        } catch {
            // A version that this program cannot read is judged as such; there is nothing to compare.
            return []
        }
    }
}
