import Catalog
import Diagnostics
import Exports
import Kafka
import Logging
import Postgres
import Simulation
import Threading

/// The demo from the plan to the verdict, beside the services that do the work.
struct DemoRun: Sendable {
    static let topic = "telemetry"
    static let partitions: Int32 = 16
    /// How long nothing may come forward before the demo gives up.
    private static let patience = Duration.seconds(60)

    let stack: EmbeddedStack
    let plan: FleetPlan
    /// Where the plan was written.
    let planPath: String
    /// The directory that what exports lost is given back into.
    let backfillPath: String
    let palette: Palette

    /// What to ask the views first.
    var query: String { "SELECT * FROM diagnostics.device_health WHERE tenant = '\(plan.tenant)'" }

    /// Publishes the template, stores what the exports are, and writes the plan before anything of it is sent.
    func prepare() throws {
        var connection = try stack.database.connect(as: .admin)
        _ = try Templates.publish(Array(DemoModel.document.utf8), actor: Actor.name, on: &connection)
        let exports = try ExportFile.read(Array(DemoExports.document.utf8), name: "the demo's exports")
        _ = try ExportStore.import(exports, tenant: plan.tenant, at: plan.exportsSince, actor: Actor.name, on: &connection)
        do throws(FileBytes.Failure) {
            try FileBytes.write(PlanFile(plan, topic: Self.topic).bytes(), to: planPath)
        } catch {
            throw OperatorError(.usage, "Cannot write the plan to \(planPath): \(error.reason).")
        }
        Output.line("plan: \(planPath)")
    }

    /// Sends everything, waits until it is processed, prints what the views say, and says whether that is what was planned.
    func historyAgrees(bootstrapServers: String) async throws -> Bool {
        let begun = ContinuousClock.now
        let sent = try await sender(bootstrapServers).sendHistory()
        var connection = try stack.database.connect(as: .admin)
        try await awaitProcessing(sent, &connection)
        let seconds = begun.duration(to: .now) / .milliseconds(1) / 1000
        Output.line("sent and processed \(sent) messages in \((seconds * 10).rounded() / 10) s")
        guard case .success(let bytes) = FileBytes.read(planPath) else { throw OperatorError(.usage, "The plan \(planPath) is gone.") }
        let written = try PlanFile(bytes: bytes)
        try await awaitGaps(written, &connection)
        let lines = try await giveBack(&connection)
        return try conclude(written, lines, &connection)
    }

    /// Goes on until cancelled.
    func goOn(bootstrapServers: String, rate: Int) async throws {
        Output.line("sending \(rate) messages a second; Ctrl-C ends it")
        try await sender(bootstrapServers).sendOn(rate: rate)
    }

    // MARK: -

    private func sender(_ bootstrapServers: String) -> DemoSender {
        let kafka = KafkaSettings(bootstrapServers: bootstrapServers)
        return DemoSender(kafka: kafka, topic: Self.topic, partitions: Self.partitions, plan: plan, database: stack.database)
    }

    /// Waits for the log, then the projections, then the counts over the fleet.
    private func awaitProcessing(_ sent: Int64, _ connection: inout Connection) async throws {
        var last: Int64 = -1
        var progress = ContinuousClock.now
        var projectedAt: Timestamp?
        var countedAt: Timestamp?
        while true {
            let ingested = try connection.queryOne(SelectIngested(tenant: plan.tenant)) ?? 0
            if ingested != last { (last, progress) = (ingested, .now) }
            if ingested >= sent, projectedAt == nil, let projected = try connection.queryOne(SelectProjected(tenant: plan.tenant)) {
                if let reason = projected.pausedReason { throw OperatorError(.unknown, "A projection is paused: \(reason).") }
                if projected.isDone { (projectedAt, progress) = (projected.at, .now) }
            }
            if let projectedAt, let summary = try connection.queryOne(SelectFleet(tenant: plan.tenant)), summary.asOf > projectedAt {
                // What was counted first may have been derived before the projections were done; what is counted after it was not.
                if let countedAt, summary.asOf > countedAt { return }
                countedAt = countedAt ?? summary.asOf
            }
            guard progress.duration(to: .now) < Self.patience else {
                let place = projectedAt != nil ? "fleet_summary" : ingested >= sent ? "the projections" : "ingest"
                throw OperatorError(
                    .unknown, "Nothing came forward for \(Self.patience): \(ingested) of \(sent) messages are in the log, waiting for \(place).")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Waits for what exports did not deliver to be counted: until it is what was planned and was so for a whole turn of the search, or until nothing comes
    /// forward any more. What differs then, the comparison says.
    private func awaitGaps(_ written: PlanFile, _ connection: inout Connection) async throws {
        var last: [ExportGapRow] = []
        var progress = ContinuousClock.now
        var agreedAt: Timestamp?
        while progress.duration(to: .now) < Self.patience {
            let asOf = try connection.query(SelectExportStatus(tenant: plan.tenant)).map(\.asOf).max()
            let rows = try connection.query(SelectExportGaps(everyOf: plan.tenant))
            if rows != last { (last, progress) = (rows, .now) }
            if DemoGapComparison(planned: written.gaps, rows: rows, isGivenBack: false).differences().isEmpty {
                if let asOf, let agreedAt, asOf > agreedAt { return }
                agreedAt = agreedAt ?? asOf
            } else {
                agreedAt = nil
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Gives back what the plan says is given back, as `hindcast export backfill` does. Returns what there is to say of it.
    private func giveBack(_ connection: inout Connection) async throws -> [String] {
        var lines: [String] = []
        let exports = Set(plan.exports.filter(\.isGivenBack).map(\.exportID))
        for row in try connection.query(SelectExportGaps(everyOf: plan.tenant)) where exports.contains(row.export) {
            let request = BackfillRequest(.gap(row.id), target: .file(directory: backfillPath, isCompressed: false), actor: Actor.name)
            let run = BackfillRun(request: request, database: stack.database, kafka: nil, rate: nil, logger: stack.database.logger)
            let sent = try await OwnThread.run("backfill") { (stop: StopSignal) -> BackfillRun.Sent in try run.carryOut(until: stop) }
            lines.append("gave back: hindcast export backfill \(row.id) --into \(sent.target)")
        }
        return lines
    }

    private func conclude(_ written: PlanFile, _ givenBack: [String], _ connection: inout Connection) throws -> Bool {
        let view = try DemoView(tenant: plan.tenant, on: &connection)
        let report = DemoReport(view: view, palette: palette)
        var lines = [""] + report.fleet() + [""] + report.causes() + [""]
        if let telling = report.telling {
            let device = try DeviceReport.read(telling.device, tenant: plan.tenant, ago: Ago(now: Clock.now), on: &connection)
            lines += report.device(device) + [""]
        }
        lines += report.gaps() + givenBack + [""]
        let differences = DemoComparison(plan: written, view: view).differences()
        if differences.isEmpty {
            lines.append(
                palette.good(
                    "The views say what the plan says: \(written.devices.count) devices, \(written.messages) messages, \(view.findings.count) findings, \(view.causes.count) causes, \(view.gaps.count) gaps."
                ))
        } else {
            lines.append(palette.bad("The views differ from the plan in \(differences.count) places:"))
            lines += differences.prefix(20).map { "  " + PrintableText.of($0) }
        }
        for line in lines { Output.line(line) }
        return differences.isEmpty
    }
}
