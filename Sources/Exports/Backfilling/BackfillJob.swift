import Catalog
package import Diagnostics
import EventLog
import JSON
package import Postgres

/// A backfill as it is kept: what it sends, how far it has come.
package struct BackfillJob: Sendable {
    /// How far a backfill has come in one source.
    package struct Source: Equatable, Sendable {
        /// The source.
        package let id: Int32
        /// The first offset that is not done.
        package var next: Int64
        /// The offset behind the last one.
        package let end: Int64
    }

    /// Its number.
    package let number: Int64
    /// What it sends.
    package let plan: BackfillPlan
    /// Patterns of device ids; none is all.
    package let devices: [String]
    /// How far it has come.
    package internal(set) var sources: [Source]
    /// How many events it has sent before.
    package let sentBefore: Int64
    /// Whether it has come to its end.
    package let isFinished: Bool

    /// Finds the backfill that a request goes on with, or begins one.
    ///
    /// Whoever asks for the same stretch, devices and target goes on with what was begun; where that has come to its end, it is handed out as it is, unless the
    /// request is to begin again.
    package static func take(_ request: BackfillRequest, now: Timestamp, on connection: inout Connection) throws(ExportJobError) -> BackfillJob {
        let plan = try BackfillPlan.make(request.stretch, now: now, on: &connection)
        return try connection.withTransaction { (connection: inout Connection) throws(ExportJobError) in
            try connection.doing { (connection: inout Connection) throws(PostgresError) in
                // Two who ask at once must not begin two.
                try connection.execute(script: "LOCK TABLE hindcast.export_backfill IN SHARE ROW EXCLUSIVE MODE")
                if let known = try connection.queryOne(SelectJob(plan: plan, request: request)), !(known.isFinished && request.isAgain) {
                    let times = plan.gapID == nil ? plan.times : plan.times.lowerBound..<known.to
                    return BackfillJob(
                        number: known.number, plan: plan.within(times), devices: request.devices,
                        sources: try connection.query(SelectJobSources(number: known.number)), sentBefore: known.sent, isFinished: known.isFinished)
                }
                return try begin(plan, request, on: &connection)
            }
        }
    }

    /// The offsets of each source that a plan asks for: up to where the projections have come, since they say which devices are simulated.
    package static func sources(_ plan: BackfillPlan, on connection: inout Connection) throws(PostgresError) -> [Source] {
        let bound = Set(
            try ExportBinding.all(on: &connection).filter { $0.route.tenant == plan.route.tenant && $0.route.exportID == plan.route.exportID }.map(
                \.topic))
        let reach = try LogReach.now(on: &connection)
        if let offsets = plan.offsets {
            guard let source = reach.source(topic: offsets.topic, partition: offsets.partition) else { return [] }
            let (first, end) = (offsets.range.lowerBound, min(offsets.range.upperBound + 1, source.next))
            return first < end ? [Source(id: source.source.sourceID, next: first, end: end)] : []
        }
        return reach.sources(tenant: plan.route.tenant, without: bound).filter { $0.next > 0 }.map {
            Source(id: $0.source.sourceID, next: 0, end: $0.next)
        }
    }

    private static func begin(
        _ plan: BackfillPlan, _ request: BackfillRequest, on connection: inout Connection
    ) throws(PostgresError) -> BackfillJob {
        guard let number = try connection.queryOne(InsertJob(plan: plan, request: request)) else {
            throw PostgresError(.unexpectedValue, "beginning a backfill returned no row, expected its number")
        }
        let sources = try sources(plan, on: &connection)
        for source in sources { try connection.execute(InsertJobSource(number: number, source: source)) }
        let body = JSONTree.object([
            "act": .string("backfill"), "backfill": .integer(number), "tenant": .string(plan.route.tenant), "export_id": .string(plan.route.exportID),
            "destination_id": .string(plan.route.destinationID), "gap": plan.gapID.map { .string($0) } ?? .null,
            "from": .string(plan.times.lowerBound.rfc3339), "to": .string(min(plan.times.upperBound, .latest).rfc3339),
            "target": .string(request.target.text),
        ])
        _ = try ControlLog.append(.export, actor: request.actor, body: body, on: &connection)
        return BackfillJob(number: number, plan: plan, devices: request.devices, sources: sources, sentBefore: 0, isFinished: false)
    }
}

extension BackfillPlan {
    /// The same for another stretch of time: the one that the backfill began with.
    fileprivate func within(_ times: Range<Timestamp>) -> BackfillPlan {
        BackfillPlan(route: route, times: times, gapID: gapID, offsets: offsets, reconciliation: reconciliation)
    }
}

extension BackfillRequest {
    /// The patterns as they are stored: a JSON array, sorted; empty for all devices.
    fileprivate var storedDevices: String {
        devices.isEmpty ? "" : String(decoding: JSONTree.array(Set(devices).sorted().map { .string($0) }).canonicalBytes(), as: UTF8.self)
    }
}

private struct SelectJob: Statement {
    struct Row: Sendable {
        let number: Int64
        let to: Timestamp
        let sent: Int64
        let isFinished: Bool
    }

    let plan: BackfillPlan
    let request: BackfillRequest

    // Of a gap, the end may have moved since it was begun.
    static let sql = """
        SELECT backfill_id, to_time, sent, finished_at IS NOT NULL FROM hindcast.export_backfill
        WHERE tenant = $1 AND export_id = $2 AND destination_id = $3 AND gap_id IS NOT DISTINCT FROM $4 AND target = $5 AND devices = $6
            AND ($4 IS NOT NULL OR from_time = $7 AND to_time = $8)
        ORDER BY backfill_id DESC LIMIT 1
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(plan.route.tenant)
        parameters.append(plan.route.exportID)
        parameters.append(plan.route.destinationID)
        parameters.append(plan.gapID)
        parameters.append(request.target.text)
        parameters.append(request.storedDevices)
        parameters.append(PostgresTimestamp(plan.times.lowerBound))
        parameters.append(PostgresTimestamp(plan.times.upperBound))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(number: try row.int64(0), to: Timestamp(try row.timestamp(1)), sent: try row.int64(2), isFinished: try row.bool(3))
    }
}

private struct InsertJob: Statement {
    let plan: BackfillPlan
    let request: BackfillRequest

    static let sql = """
        INSERT INTO hindcast.export_backfill (tenant, export_id, destination_id, gap_id, target, devices, from_time, to_time, actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING backfill_id
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(plan.route.tenant)
        parameters.append(plan.route.exportID)
        parameters.append(plan.route.destinationID)
        parameters.append(plan.gapID)
        parameters.append(request.target.text)
        parameters.append(request.storedDevices)
        parameters.append(PostgresTimestamp(plan.times.lowerBound))
        parameters.append(PostgresTimestamp(plan.times.upperBound))
        parameters.append(request.actor)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct InsertJobSource: Statement {
    let number: Int64
    let source: BackfillJob.Source

    static let sql = "INSERT INTO hindcast.export_backfill_source (backfill_id, source_id, next_offset, end_offset) VALUES ($1, $2, $3, $4)"

    func bind(to parameters: inout Parameters) {
        parameters.append(number)
        parameters.append(source.id)
        parameters.append(source.next)
        parameters.append(source.end)
    }
}

struct SelectJobSources: Statement {
    let number: Int64

    static let sql = "SELECT source_id, next_offset, end_offset FROM hindcast.export_backfill_source WHERE backfill_id = $1 ORDER BY source_id"

    func bind(to parameters: inout Parameters) { parameters.append(number) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> BackfillJob.Source {
        BackfillJob.Source(id: try row.int32(0), next: try row.int64(1), end: try row.int64(2))
    }
}
