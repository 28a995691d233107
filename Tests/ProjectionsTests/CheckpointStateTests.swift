import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// I4: the tables at a checkpoint are the pure fold of the log up to it.
@Suite(.database) struct CheckpointStateTests {
    @Test(arguments: [1, 7, 1000]) func `whatever the size of batches, the tables are the fold of the log`(batchRows: Int) throws {
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 11)
        try publish(pumpTemplate())
        var projector = try worker(batchRows: batchRows)
        for round in 0..<4 {
            try log.append(fleet.records(batchRows == 1 ? 60 : 400))
            switch round {
            case 1: try assign(["dev-*"])
            case 2:
                try publish(pumpTemplate("integer"))
                try activate("2")
            default: break
            }
            try projector.turnUntilIdle()
            #expect(try differences() == [])
        }
        let end = log.claim.nextOffset
        #expect(Set(try checkpoints().map(\.nextOffset)) == [end])
    }

    @Test func `between batches the tables are the fold up to the checkpoint, no further`() throws {
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 5)
        try publish(pumpTemplate())
        try log.append(fleet.records(300))
        var projector = try worker(batchRows: 37)
        var turns = 0
        while try !projector.step().isIdle {
            turns += 1
            let reached = try #require(try checkpoint(.finding)?.nextOffset)
            #expect(try checkpoint(.device)?.nextOffset == reached)
            #expect(try differences(before: reached) == [])
        }
        #expect(turns == 9)
    }

    @Test func `holes and offsets that hold nothing are passed over`() throws {
        var log = try LogFixture()
        var fleet = SampleFleet(seed: 6)
        try log.skip(to: 1000)
        try log.append(fleet.records(20))
        try log.skip(to: 2000)
        try log.append(fleet.records(20))
        try log.advance(to: 2100)
        var projector = try worker(batchRows: 15)
        #expect(try projector.turnUntilIdle().events == 40)
        #expect(Set(try checkpoints().map(\.nextOffset)) == [2100])
        #expect(try differences() == [])
    }

    @Test func `names that a device makes up are cut to the smallest hashes of a day, and nothing is lost`() throws {
        var log = try LogFixture()
        try publish(pumpTemplate())
        var projector = try worker(batchRows: 10)
        for part in 0..<20 {
            let names = (0..<20).map { "name-\((part * 20 + $0) % 150)" }
            try log.append(names.map { .telemetry(device: "maker", #"{"\#($0)":1}"#, template: pumpID) })
            try projector.turnUntilIdle()
        }
        #expect(try number("SELECT count(*) FROM hindcast.finding WHERE path <> '/*'") == Int64(FindingFold.namesPerDay))
        #expect(try number("SELECT count(*) FROM hindcast.finding WHERE path = '/*'") == 1)
        #expect(try number("SELECT sum(count)::bigint FROM hindcast.finding") == 400)
        #expect(try differences() == [])
    }

    @Test func `events that another decoder indexed are counted for the device that this one reads`() throws {
        var log = try LogFixture()
        try log.append((0..<10).map { .telemetry(device: "dev-\($0)", "{}") })
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                ALTER TABLE hindcast.event DISABLE TRIGGER event_immutable;
                UPDATE hindcast.event SET decoder = 0, device_key = (SELECT min(device_key) FROM hindcast.device);
                ALTER TABLE hindcast.event ENABLE ALWAYS TRIGGER event_immutable;
                DELETE FROM hindcast.device WHERE device_key > (SELECT min(device_key) FROM hindcast.device)
                """)
        var projector = try worker(batchRows: 4)
        try projector.turnUntilIdle()
        #expect(
            try number("SELECT count(DISTINCT d.device_id) FROM hindcast.device_state JOIN hindcast.device d USING (device_key) WHERE messages = 1")
                == 10)
    }
}
