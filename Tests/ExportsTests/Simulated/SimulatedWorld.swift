import Diagnostics
import EventLog
import ExportSimulation
import Exports
import Ingest
import Kafka
import LogSupport
import Logging
import Postgres
import Projections
import TestSupport
import Testing

/// Which kinds of evidence the program gets.
struct Evidence: OptionSet, Hashable, Sendable, CustomStringConvertible {
    let rawValue: Int

    /// What the service says happened to exports and destinations.
    static let timeline = Evidence(rawValue: 1)
    /// What destinations have, by offsets.
    static let receipts = Evidence(rawValue: 2)
    /// What destinations have, read from them.
    static let reconciliation = Evidence(rawValue: 4)

    /// A column of the table in `docs/exports.md`.
    var description: String {
        [(Evidence.timeline, "T"), (.receipts, "R"), (.reconciliation, "C")].filter { contains($0.0) }.map(\.1).joined(separator: " ")
    }
}

/// The simulated day put through the program: a broker, the log, projections, comparisons, and the pass that finds gaps.
struct SimulatedWorld {
    private static let boundTopic = "east-messages"
    let exported: ExportedDay
    let evidence: Evidence
    let broker: TestBroker

    init(_ exported: ExportedDay, _ evidence: Evidence) throws(KafkaError) {
        self.exported = exported
        self.evidence = evidence
        broker = try TestBroker()
    }

    /// Plays the day and looks for gaps.
    func play() async throws -> [SeenGap] {
        try await logUpstream()
        try await logNotices()
        try await logBound()
        try define()
        try project()
        if evidence.contains(.reconciliation) { try reconcile() }
        var connection = try TestDatabase.connect(role: "hindcast_project")
        var settings = ExportSettings()
        // The story is told faster than it happened: it has just ended.
        settings.now = exported.day.scale.end.after(minutes: 5)
        var pass = GapPass(owner: "test", settings: settings)
        #expect(try pass.run(on: &connection))
        try pass.end(on: &connection)
        var reader = try TestDatabase.connect(role: "hindcast_dashboard")
        return try reader.query(SelectSeenGaps())
    }

    // MARK: - Into the log

    private func logUpstream() async throws {
        let topic = ExportedDay.upstreamTopic
        try broker.embedded?.createTopic(topic, partitions: Int(UpstreamDay.partitions))
        let messages = exported.day.messages
        // In parts, since the embedded broker drops what nobody reads.
        var start = 0
        while start < messages.count {
            let end = min(start + 50_000, messages.count)
            try produce(messages[start..<end].lazy.map { $0.record(topic: topic) })
            try await ingest(topic, ExportPlan.upstream, partitions: UpstreamDay.partitions)
            start = end
        }
    }

    private func logNotices() async throws {
        let notices = exported.notices.enumerated().filter { notice in
            evidence.contains(notice.element.evidence == .timeline ? .timeline : .receipts)
        }
        // All tenants on one topic, whose settings name none: each notice says itself whose it is.
        let topic = "notices"
        try broker.embedded?.createTopic(topic, partitions: 1)
        try produce(notices.lazy.map { $0.element.record(topic: topic, number: $0.offset) })
        try await ingest(topic, "", partitions: 1)
    }

    /// The messages of the export that feeds the log, in batches no longer than they come in life: a batch that spans a silence would hide it.
    private func logBound() async throws {
        guard let route = exported.plan.routes.firstIndex(where: \.isBound) else { return }
        let topic = Self.boundTopic
        try broker.embedded?.createTopic(topic, partitions: Int(ExportedDay.partitions))
        let service = IngestService(
            kafka: broker.settings, postgres: TestDatabase.current.settings.with(role: "hindcast_ingest"),
            settings: ingestSettings(topic, ExportPlan.bound, partitions: ExportedDay.partitions), logger: TestBroker.quiet)
        let running = Task { try await service.run() }
        var sent: Int64 = 0
        var part: [ProducerRecord] = []
        var border = exported.day.scale.start
        for record in exported.records(of: route, topic: topic) {
            let time = (record.timestamp ?? 0) * 1000
            if time >= border.microseconds {
                try await send(part, topic, &sent)
                part = []
                while time >= border.microseconds { border = border.after(minutes: 5) }
            }
            part.append(record)
        }
        try await send(part, topic, &sent)
        running.cancel()
        try await running.value
    }

    private func send(_ part: [ProducerRecord], _ topic: String, _ sent: inout Int64) async throws {
        guard !part.isEmpty else { return }
        try produce(part)
        sent += Int64(part.count)
        let expected = sent
        try await waitUntil {
            var connection = try TestDatabase.connect()
            return try LogSources.all(on: &connection).filter { $0.topic == topic }.reduce(0) { $0 + $1.nextOffset } == expected
        }
    }

    func produce(_ records: some Sequence<ProducerRecord>) throws(KafkaError) {
        let producer = try Producer(broker.settings, logger: TestBroker.quiet)
        for record in records { try producer.produce(record) }
        try producer.flush(timeout: .seconds(60))
        _ = try producer.close(within: .patience)
    }

    private func ingest(_ topic: String, _ tenant: String, partitions: Int32) async throws {
        var settings = ingestSettings(topic, tenant, partitions: partitions)
        settings.endsAtPartitionEnd = true
        try await IngestService(
            kafka: broker.settings, postgres: TestDatabase.current.settings.with(role: "hindcast_ingest"), settings: settings,
            logger: TestBroker.quiet
        ).run()
    }

    private func ingestSettings(_ topic: String, _ tenant: String, partitions: Int32) -> IngestSettings {
        let all = (0..<partitions).map { TopicPartition(topic: topic, partition: $0) }
        var settings = IngestSettings(topics: [topic: SourceSettings(tenant: tenant)], assignment: .fixed(all), owner: "test")
        settings.cluster = "simulated"
        return settings
    }

    // MARK: - What operators do

    private func define() throws {
        var connection = try TestDatabase.connect(role: "hindcast_admin")
        for tenant in [ExportPlan.upstream, ExportPlan.bound] {
            // Where the timeline says when the late export was made, nobody has to import it.
            let text = exported.plan.definitions(of: tenant, withLate: !evidence.contains(.timeline))
            let file = try ExportFile.read(Array(text.utf8), name: "simulated.json")
            _ = try ExportStore.import(file, tenant: tenant, at: exported.day.scale.start, actor: "ada", on: &connection)
        }
        for route in exported.plan.routes where route.isBound {
            _ = try ExportStore.bind(route.route, topic: Self.boundTopic, actor: "ada", on: &connection)
        }
    }

    private func project() throws {
        var settings = ProjectionSettings()
        settings.lease = .seconds(600)
        var worker = try ProjectionWorker(
            name: "live", postgres: TestDatabase.current.settings.with(role: "hindcast_project"), settings: settings, logger: TestBroker.quiet)
        while try !worker.isCaughtUp() {
            worker.renewAtOnce()
            _ = try worker.step()
        }
        worker.end()
    }
}

/// A gap as dashboards see it.
struct SeenGap: CustomStringConvertible, Sendable {
    let route: ExportRoute
    let cause: String
    let certainty: String
    let start: Timestamp
    let end: Timestamp?
    let devices: Int64?
    let events: Int64?

    var description: String {
        let count = events.map { "\($0)" } ?? "uncounted"
        return "\(route.exportID)→\(route.destinationID) \(cause) (\(certainty)) \(start.rfc3339)–\(end?.rfc3339 ?? "") \(count)"
    }
}

private struct SelectSeenGaps: Statement {
    static let sql = """
        SELECT tenant, export_id, destination_id, cause, certainty, starts_at, ends_at, devices, events FROM diagnostics.export_gaps
        ORDER BY tenant, export_id, destination_id, starts_at
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> SeenGap {
        SeenGap(
            route: ExportRoute(tenant: try row.string(0), exportID: try row.string(1), destinationID: try row.string(2)), cause: try row.string(3),
            certainty: try row.string(4), start: Timestamp(try row.timestamp(5)), end: try row.timestampOrNil(6).map { Timestamp($0) },
            devices: try row.int64OrNil(7), events: try row.int64OrNil(8))
    }
}
