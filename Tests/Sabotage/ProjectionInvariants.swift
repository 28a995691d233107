import Diagnostics
import EventLog
import LogSupport
import Logging
import Postgres
import Projections
import TestSupport
import Testing

/// The invariants of the projections, with the compare-and-swap of the checkpoint and with it taken out.
@Suite(.database) struct ProjectionInvariants {
    /// What is wrong after a worker that was taken over, and does not know it, goes on with its next batch.
    private func wakeZombie(_ fence: ProjectionFence) throws -> [String] {
        var log = try LogFixture()
        try log.append((0..<30).map { .telemetry(device: "device-\($0 % 3)", "{\"n\":\($0)}") })
        let postgres = TestDatabase.current.settings.with(role: "hindcast_project")
        var settings = ProjectionSettings()
        settings.batchRows = 10
        // However slow the machine is, the zombie does not look at its lease again before it is woken.
        settings.lease = .seconds(3600)
        settings.heartbeatInterval = .seconds(900)
        var zombie = try ProjectionWorker(name: "zombie", postgres: postgres, settings: settings, fence: fence, logger: TestBroker.quiet)
        _ = try zombie.step()
        var admin = try TestDatabase.connect()
        try admin.execute(script: "UPDATE hindcast.projection_checkpoint SET lease_until = '-infinity'")
        try admin.execute(script: "DELETE FROM hindcast.projection_worker")
        var owner = try ProjectionWorker(name: "owner", postgres: postgres, settings: settings, logger: TestBroker.quiet)
        while try !owner.isCaughtUp() { _ = try owner.step() }
        let before = try #require(try admin.queryOne(SelectLowestCheckpoint()))
        // Its own clock still trusts the lease.
        _ = try zombie.step()
        var problems: [String] = []
        let counted = try admin.queryOne(CountProjectedMessages()) ?? 0
        if counted != 30 { problems.append("\(counted) messages are counted, 30 are in the log") }
        let after = try #require(try admin.queryOne(SelectLowestCheckpoint()))
        if after < before { problems.append("a checkpoint went back") }
        return problems
    }

    @Test func `the compare-and-swap keeps a worker out that was taken over (I4, I6, I8)`() throws {
        #expect(try wakeZombie(ProjectionFence()) == [])
    }

    @Test func `without it a batch is counted twice and a checkpoint goes back`() throws {
        var broken = ProjectionFence()
        broken.comparesOffset = false
        broken.comparesEpoch = false
        let problems = try wakeZombie(broken)
        #expect(problems.contains { $0.contains("messages are counted") }, "\(problems)")
        #expect(problems.contains("a checkpoint went back"), "\(problems)")
    }
}

private struct CountProjectedMessages: Statement {
    static let sql = "SELECT coalesce(sum(messages), 0)::bigint FROM hindcast.device_state"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}

private struct SelectLowestCheckpoint: Statement {
    static let sql = "SELECT min(next_offset) FROM hindcast.projection_checkpoint"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 { try row.int64(0) }
}
