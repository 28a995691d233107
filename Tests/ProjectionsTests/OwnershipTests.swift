import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

@Suite(.database) struct OwnershipTests {
    @Test func `two workers share the sources`() throws {
        var logs: [Int32: Int] = [:]
        var fleet = SampleFleet(seed: 2)
        for partition in 0..<4 {
            var log = try LogFixture(partition: Int32(partition))
            try log.append(fleet.records(50))
            logs[log.claim.source] = 50
        }
        var first = try worker("first", lease: .milliseconds(40_000))
        try first.turnUntilIdle()
        #expect(Set(try checkpoints().map(\.owner)) == ["first"])
        // The second says that it is there; the first makes room when it next renews its leases; the second takes what is free.
        var second = try worker("second")
        try second.turnUntilIdle()
        first.renewAtOnce()
        try first.turnUntilIdle()
        second.renewAtOnce()
        try second.turnUntilIdle()
        let owners = Dictionary(grouping: try checkpoints(), by: { $0.owner ?? "" }).mapValues { Set($0.map(\.key.source)).count }
        #expect(owners == ["first": 2, "second": 2])
        for source in logs.keys { #expect(try differences(source: source) == []) }
    }

    @Test func `a worker that was killed is replaced when its lease ends`() throws {
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 3)
        try log.append(fleet.records(100))
        var killed = try worker("killed", batchRows: 30)
        _ = try killed.step()
        let before = try #require(try checkpoint(.finding))
        #expect(before.nextOffset == 30)
        var heir = try worker("heir")
        #expect(try heir.turnUntilIdle().events == 0)
        #expect(try checkpoint(.finding)?.owner == "killed")
        try expireLeases(of: "killed")
        heir.renewAtOnce()
        #expect(try heir.turnUntilIdle().events == 70)
        let after = try #require(try checkpoint(.finding))
        #expect(after.owner == "heir")
        #expect(after.ownerEpoch == before.ownerEpoch + 1)
        #expect(try differences() == [])
    }

    @Test func `a worker that ends gives its leases back`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var first = try worker("first")
        try first.turnUntilIdle()
        first.end()
        #expect(try checkpoints().allSatisfy { $0.owner == nil && $0.isFree })
        #expect(try number("SELECT count(*) FROM hindcast.projection_worker") == 0)
        try log.append([.telemetry(device: "a", "{}")])
        var second = try worker("second")
        #expect(try second.turnUntilIdle().events == 1)
    }

    /// I6 and I8. A worker is taken over while it believes that it still holds the source, then both go on.
    private func twoOwners(_ fence: ProjectionFence) throws -> [Int64] {
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 4)
        try publish(pumpTemplate())
        try log.append(fleet.records(60))
        var stale = try worker("stale", batchRows: 20, fence: fence)
        _ = try stale.step()
        try expireLeases(of: "stale")
        var heir = try worker("heir", batchRows: 20, fence: fence)
        var places = [try checkpoint(.finding)?.nextOffset ?? -1]
        for _ in 0..<4 {
            _ = try heir.step()
            places.append(try checkpoint(.finding)?.nextOffset ?? -1)
            _ = try stale.step()
            places.append(try checkpoint(.finding)?.nextOffset ?? -1)
        }
        return places
    }

    @Test func `of two who believe to own a source only the newest writes, and its checkpoint never goes back`() throws {
        let places = try twoOwners(ProjectionFence())
        #expect(places == places.sorted())
        #expect(places.last == 60)
        #expect(try differences() == [])
        #expect(try checkpoint(.finding)?.owner == "heir")
    }

    @Test func `without the fence events are counted twice, so the test above can fail`() throws {
        var fence = ProjectionFence()
        fence.comparesOffset = false
        fence.comparesEpoch = false
        _ = try twoOwners(fence)
        #expect(try differences() != [])
    }

    @Test func `the epoch alone keeps a stale owner out`() throws {
        var fence = ProjectionFence()
        fence.comparesOffset = false
        let places = try twoOwners(fence)
        #expect(places == places.sorted())
        #expect(try differences() == [])
    }

    @Test func `a checkpoint that was moved meanwhile is read again, not overwritten`() throws {
        var log = try LogFixture()
        try log.append((0..<10).map { .telemetry(device: "dev-\($0)", "{}") })
        var projector = try worker()
        try projector.turnUntilIdle()
        try log.append((0..<10).map { .telemetry(device: "dev-\($0)", "{}") })
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "UPDATE hindcast.projection_checkpoint SET next_offset = 15 WHERE projection = 'device'")
        try projector.turnUntilIdle()
        #expect(Set(try checkpoints().map(\.nextOffset)) == [20])
        // Five events were folded into device states by whoever moved the checkpoint, as far as this worker knows.
        #expect(try number("SELECT sum(messages)::bigint FROM hindcast.device_state") == 15)
        #expect(try number("SELECT sum(messages)::bigint FROM hindcast.device_verdict") == 20)
    }

    @Test func `a source that is quiet for long is let go, and taken again as soon as it grows`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var projector = try worker()
        try projector.turnUntilIdle()
        var superuser = try TestDatabase.connect()
        try superuser.execute(script: "UPDATE hindcast.projection_checkpoint SET last_advanced = clock_timestamp() - interval '2 hours'")
        projector.renewAtOnce()
        try projector.turnUntilIdle()
        #expect(try checkpoints().allSatisfy { $0.owner == nil })
        try log.append([.telemetry(device: "a", "{}")])
        #expect(try projector.turnUntilIdle().events == 1)
        #expect(try checkpoints().allSatisfy { $0.owner == "worker" && $0.nextOffset == 2 })
    }

    @Test func `a source whose life has ended is projected to its end and then let go`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}"), .telemetry(device: "b", "{}")])
        var superuser = try TestDatabase.connect()
        _ = try LogSources.startNewLife(of: log.claim.source, on: &superuser)
        var projector = try worker(batchRows: 1)
        #expect(try projector.turnUntilIdle().events == 2)
        projector.renewAtOnce()
        try projector.turnUntilIdle()
        let ended = try checkpoints().filter { $0.key.source == log.claim.source }
        #expect(ended.count == ProjectionName.allCases.count)
        #expect(ended.allSatisfy { $0.owner == nil && $0.nextOffset == 2 })
    }
}
