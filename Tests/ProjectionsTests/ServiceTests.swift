import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

@Suite(.database) struct ServiceTests {
    private func service(workers: Int = 2, batchRows: Int = 500, snapshot: Duration = .zero) -> ProjectionService {
        var settings = ProjectionSettings()
        settings.workers = workers
        settings.batchRows = batchRows
        settings.snapshotInterval = snapshot
        return ProjectionService(postgres: projecting, settings: settings, logger: quiet)
    }

    /// Gives the thread away between looks: the service's task may be waiting for one.
    private func waitForCheckpoints(at offset: Int64, sources: Int = 1) async throws {
        try await waitUntil {
            await Task.yield()
            return try isReached(offset, sources: sources)
        }
    }

    @Test func `it runs until everything is projected, then gives the leases back`() async throws {
        try publish(pumpTemplate())
        var fleet = SampleFleet(seed: 31)
        for partition in 0..<3 {
            var log = try LogFixture(partition: Int32(partition))
            try log.append(fleet.records(300))
        }
        try await service(batchRows: 50).runUntilCaughtUp()
        #expect(try checkpoints().allSatisfy { $0.nextOffset == 300 && $0.owner == nil })
        for source in 1...3 { #expect(try differences(source: Int32(source)) == []) }
        #expect(try number("SELECT sum(devices)::bigint FROM hindcast.fleet_snapshot") > 0)
    }

    @Test func `what is appended while it runs is seen, and it ends when its task is cancelled`() async throws {
        let service = service(workers: 1)
        let running = Task { try await service.run() }
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 32)
        for round in 1...5 {
            try log.append(fleet.records(20))
            var announcer = try TestDatabase.connect(role: "hindcast_ingest")
            try LogSignal.send(on: &announcer)
            try await waitForCheckpoints(at: Int64(round * 20))
        }
        running.cancel()
        try await running.value
        #expect(try checkpoints().allSatisfy { $0.owner == nil })
        #expect(try differences() == [])
    }

    @Test func `sessions that are cut off again and again cost nothing and count nothing twice`() async throws {
        try publish(pumpTemplate())
        let service = service(workers: 2, batchRows: 23)
        let running = Task { try await service.run() }
        var fleet = SampleFleet(seed: 33)
        var first = try LogFixture(partition: 0)
        var second = try LogFixture(partition: 1)
        try first.append(fleet.records(100))
        try second.append(fleet.records(100))
        try await waitForCheckpoints(at: 100, sources: 2)
        var cut: Int64 = 0
        for _ in 0..<11 {
            try first.append(fleet.records(100))
            try second.append(fleet.records(100))
            cut += try terminateWorkers()
            await Task.yield()
        }
        try await waitForCheckpoints(at: 1200, sources: 2)
        running.cancel()
        try await running.value
        #expect(cut > 0)
        #expect(try differences(source: 1) == [])
        #expect(try differences(source: 2) == [])
    }

    @Test func `a database that was never migrated is refused at once`() async throws {
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "DROP SCHEMA hindcast CASCADE")
        do {
            try await service(workers: 1).run()
            Issue.record("it ran without tables")
        } catch let error as ProjectionError {
            #expect(error.database?.sqlState == .undefinedTable || error.database?.sqlState == .invalidSchemaName)
        }
    }

    @Test func `a projection that cannot catch up ends the wait with its reason`() async throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "REVOKE INSERT ON hindcast.device_state FROM hindcast_project")
        do {
            try await service(workers: 1).runUntilCaughtUp()
            Issue.record("it said that it had caught up")
        } catch let error as ProjectionError {
            #expect(error.code == .paused)
            #expect(error.message.contains("privilege"))
        }
    }
}
